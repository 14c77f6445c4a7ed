// What everybody trains on: the simulated set's first spectra in batches, and random numbers from a seed.

export const PIXELS = 1000;
export const LATENTS = 6;
export const BATCH = 64;
const SHARDS = 4;
/** The paper's softening of the weights: a pixel's signal-to-noise is capped at 50. */
const EPSILON = 1 / 2500;

/** `count` batches of flux less the mean spectrum, weights, noise and prior draws. */
export async function batches(count) {
  const random = normal(2020);
  const manifest = await (await fetch('./data/manifest.json')).json();
  const { mean } = await tensors(`./data/${manifest.mean_spectrum}`);
  const shards = [];
  for (const { name } of manifest.shards.slice(0, SHARDS)) shards.push(await tensors(`./data/${name}`));
  const spectra = shards.flatMap(({ flux, ivar }) => Array.from({ length: flux.length / PIXELS }, (_, row) => {
    const part = (values) => values.subarray(row * PIXELS, (row + 1) * PIXELS);
    return { flux: part(flux), ivar: part(ivar) };
  }));
  return Array.from({ length: count }, (_, batch) => {
    const x = new Float32Array(BATCH * PIXELS);
    const weight = new Float32Array(BATCH * PIXELS);
    for (let row = 0; row < BATCH; row += 1) {
      const { flux, ivar } = spectra[(batch * BATCH + row) % spectra.length];
      for (let pixel = 0; pixel < PIXELS; pixel += 1) {
        x[row * PIXELS + pixel] = flux[pixel] - mean[pixel];
        weight[row * PIXELS + pixel] = ivar[pixel] > 0 ? 1 / (1 / ivar[pixel] + EPSILON) : 0;
      }
    }
    const draws = () => Float32Array.from({ length: BATCH * LATENTS }, random);
    return { x, weight, noise: draws(), prior: draws() };
  });
}

/** A safetensors file's tensors of f16 and f32, by name. */
async function tensors(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const buffer = await answer.arrayBuffer();
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const kinds = { F16: Float16Array, F32: Float32Array };
  const entries = Object.entries(header).filter(([, { dtype }]) => kinds[dtype]);
  return Object.fromEntries(entries.map(([name, { dtype, data_offsets: [from, to] }]) => [name, new kinds[dtype](buffer.slice(8 + length + from, 8 + length + to))]));
}

/** Box and Muller's normal numbers on Mulberry's generator. */
function normal(seed) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
