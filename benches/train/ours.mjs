// Ours: the page's training step in one thread of wasm, and what this machine could do at best.

import init, { Buffers, Training, peak } from './wasm/bench_train.js';

/** Rounds of the kernel in registers: about a millisecond. */
const ROUNDS = 300_000;

export async function start() {
  await init();
  const training = new Training(6, 1n);
  const weights = training.layers();
  let batches;
  return {
    layers: weights,
    load: (_layers, all) => { batches = all; },
    operations: training.operations(64),
    step: async (at) => {
      const { x, weight, noise, prior } = batches[at];
      return training.step(x, weight, noise, prior);
    },
    peak: () => {
      const begun = performance.now();
      const operations = peak(ROUNDS);
      return (performance.now() - begun) / operations;
    },
    pass: (() => {
      const buffers = new Buffers(weights.length);
      return () => {
        const begun = performance.now();
        buffers.pass();
        return performance.now() - begun;
      };
    })(),
  };
}
