// The first weights, from the flat list that ours gives: of each layer its inputs, its outputs, its weight and its bias.

export const LATENTS = 6;

/** Batches as this frame's own arrays: TensorFlow.js takes no other frame's. */
export const own = (batches) => batches.map((batch) => Object.fromEntries(Object.entries(batch).map(([name, values]) => [name, new Float32Array(values)])));

/** `[{ inputs, outputs, weight [inputs * outputs], bias [outputs] }]`: encoder (2), mean, log variance, decoder (3). */
export function layers(flat) {
  const all = [];
  for (let at = 0; at < flat.length;) {
    const [inputs, outputs] = [flat[at], flat[at + 1]];
    const numbers = (from, to) => new Float32Array(flat.slice(from, to));
    const weight = numbers(at + 2, at + 2 + inputs * outputs);
    const bias = numbers(at + 2 + inputs * outputs, at + 2 + inputs * outputs + outputs);
    all.push({ inputs, outputs, weight, bias });
    at += 2 + (inputs + 1) * outputs;
  }
  return all;
}
