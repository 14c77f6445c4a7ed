// The bench's page: what it costs to fit a spectrum's latents after it was encoded, one spectrum after another.

import init, { Fits } from './wasm/bench_fit.js';

/** Spectra that are not counted. */
const WARM = 10;

const file = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());

async function run() {
  await init();
  const { shards } = await (await fetch('./data/manifest.json')).json();
  const fits = new Fits(await file('./models/vae6.safetensors'), await file(`./data/${shards[0].name}`));
  const times = { encoded: [], fitted: [] };
  let steps = 0;
  const timed = (list, work) => {
    const begun = performance.now();
    const result = work();
    list.push(performance.now() - begun);
    return result;
  };
  for (let row = 0; row < fits.count(); row += 1) {
    const start = timed(times.encoded, () => fits.encode(row));
    steps += timed(times.fitted, () => fits.fit(row, start)).length - 1;
  }
  const results = Object.entries(times).map(([name, list]) => ({ name, seen: summary(list.slice(WARM)) }));
  return { title: 'One spectrum, 6 latents', spectra: fits.count() - WARM, steps: steps / fits.count(), results };
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (fraction) => sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)];
  return { min: sorted[0], median: at(0.5), p95: at(0.95) };
}

globalThis.bench = {
  about: 'the shipped model of 6 latents on the first shard of the simulated set, in one thread of wasm; *encoded* is the encoder alone, *fitted* is what the fit takes after it',
  cases: ['fits'],
  run,
  clear: () => {},
  webgl: () => 'not used',
};
