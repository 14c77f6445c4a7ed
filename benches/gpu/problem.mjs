// The same model, weights, batches and draws for all: the paper's six latents (1000-703-94), batch 64.

import { generator, initial, normal, simulatedSet, batchOf } from './gpu_reference.mjs';

export const config = { pixels: 1000, hidden1: 703, hidden2: 94, latents: 6, negative_slope: 0, variational: true, alpha: 0, lambda: 3.02, mmd: 'Plain', weight_epsilon: 1 / 2500, unweighted: false, batch: 64, learning_rate: 1e-3, patience: 5, stop_after: 10, min_improvement: 0, max_epochs: 200, validation_fraction: 0.25, seed: 1 };

export function problem(steps) {
  const set = simulatedSet(config.pixels, 512, 7);
  const parameters = initial(config, 8);
  const random = generator(9);
  const batches = Array.from({ length: steps }, () => {
    const rows = Uint32Array.from({ length: config.batch }, () => Math.floor(random() * set.count));
    return { rows, noise: normal(random, config.batch * config.latents), prior: normal(random, config.batch * config.latents) };
  });
  /** Peers take x and the weights as they enter the network. */
  let memory;
  const prepared = () => memory ??= batches.map(({ rows, noise, prior }) => {
    const { x, weight } = batchOf(set, rows, config);
    return { x: Float32Array.from(x), weight: Float32Array.from(weight), noise, prior };
  });
  return { set, parameters, batches, prepared };
}
