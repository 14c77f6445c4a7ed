// Our learner: wasm and its kernels.

import start, * as gpu from './wasm/bench_gpu.js';
import { config } from './problem.mjs';

export async function contender({ set, parameters, batches }) {
  await start();
  const learner = await gpu.Learner.open(JSON.stringify({ ...config, input: 'Flux', head: null }), parameters, set.flux, set.ivar, set.mean);
  let next = 0;
  return {
    /** Steps whose losses come back in one read; the last one's. */
    async steps(count) {
      for (let step = 0; step < count; step += 1) {
        const { rows, noise, prior } = batches[next++];
        learner.train(rows, noise, prior, config.learning_rate);
      }
      const losses = await learner.losses();
      return losses[losses.length - 4];
    },
  };
}
