// The bench's page: every contender in a frame of its own, one step each in turn, all on the same batches from the same weights.

import { BATCH, LATENTS, PIXELS, batches } from './batches.mjs';

/** Steps of each; slow ones do fewer. The first `WARM` of each are not counted. */
const STEPS = 100;
const WARM = 5;

const CONTENDERS = [
  { name: 'Spectrascape', query: 'who=ours' },
  { name: 'TensorFlow.js wasm, one thread', query: 'who=tf&backend=wasm' },
  { name: 'TensorFlow.js wasm, one thread, transposing first', query: 'who=tf&backend=wasm&turned=1' },
  { name: 'TensorFlow.js wasm, threads', query: 'who=tf&backend=wasm&threads=1' },
  { name: 'TensorFlow.js wasm, threads, transposing first', query: 'who=tf&backend=wasm&turned=1&threads=1' },
  { name: 'TensorFlow.js cpu', query: 'who=tf&backend=cpu', steps: 7 },
  { name: 'jax-js wasm, one thread', query: 'who=jax&device=wasm' },
  { name: 'jax-js wasm, threads', query: 'who=jax&device=wasm&threads=1', steps: 30 },
  { name: 'jax-js webgpu', query: 'who=jax&device=webgpu&threads=1', steps: 8 },
];

/** A contender's frame, when it is ready to train. */
function frame({ name, query, steps = STEPS }) {
  const element = document.createElement('iframe');
  element.src = `./contender.html?${query}`;
  const ready = new Promise((done) => {
    addEventListener('message', function heard({ data, source }) {
      if (source !== element.contentWindow) return;
      removeEventListener('message', heard);
      done(data);
    });
  });
  document.body.append(element);
  return ready.then(({ error }) => ({ name, steps, error, contender: element.contentWindow.contender, times: [], losses: [] }));
}

async function run() {
  const data = await batches(STEPS);
  const rows = [];
  for (const contender of CONTENDERS) rows.push(await frame(contender));
  const [ours] = rows;
  if (ours.error) throw new Error(ours.error);
  for (const row of rows) if (!row.error) row.contender.load(ours.contender.layers, data.slice(0, row.steps));
  const floors = [];
  for (let step = 0; step < STEPS; step += 1) {
    if (step % 20 === 0) console.info(`      step ${step}: ${rows.map(({ times }) => times.at(-1)?.toFixed(0) ?? '-').join(', ')} ms`);
    floors.push({ operation: ours.contender.peak(), pass: ours.contender.pass() });
    for (const row of rows) {
      if (row.error || step >= row.steps) continue;
      try {
        const begun = performance.now();
        row.losses.push(await row.contender.step(step));
        row.times.push(performance.now() - begun);
      } catch (error) {
        row.error = String(error?.stack ?? error);
      }
    }
  }
  const operations = ours.contender.operations;
  const counted = floors.slice(WARM);
  const floor = {
    operations,
    products: summary(counted.map(({ operation }) => operation * operations)),
    pass: summary(counted.map(({ pass }) => pass)),
    all: summary(counted.map(({ operation, pass }) => operation * operations + pass)),
  };
  const results = rows.map(({ name, error, times, losses }) => {
    if (error || times.length <= 1) return { name, error: error?.split('\n')[0] ?? 'no steps' };
    const last = losses.length - 1;
    return { name, steps: times.length, first: times[0], seen: summary(times.slice(Math.min(WARM, times.length - 1))), loss: losses[last], apart: Math.abs(losses[last] / ours.losses[last] - 1) };
  });
  return { title: `One training step, ${LATENTS} latents, batch ${BATCH}`, floor, results };
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (fraction) => sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)];
  return { min: sorted[0], median: at(0.5), p95: at(0.95) };
}

globalThis.bench = {
  about: `${PIXELS}-703-94-${LATENTS} and back; ${BATCH} spectra of the simulated set a step; everybody from the same weights, on the same batches and draws, with Adam at 1e-3`,
  cases: ['training steps'],
  run,
  clear: () => document.querySelectorAll('iframe').forEach((element) => element.remove()),
  webgl: () => 'not used',
};
