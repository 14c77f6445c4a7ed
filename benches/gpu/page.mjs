// One contender in a browser of its own: time to the first step, then a step's, and what it asks of the device for one.

import { problem } from './problem.mjs';

const CONTENDERS = { ours: './ours.mjs', jax: './jax.mjs', tensorflow: './tensorflow.mjs' };

/** Counts what reaches the device. */
function count() {
  const seen = { dispatches: 0, submissions: 0, reads: 0, pipelines: 0, writes: 0 };
  const watch = (type, method, name) => {
    const plain = type.prototype[method];
    type.prototype[method] = function (...given) { seen[name] += 1; return plain.apply(this, given); };
  };
  watch(GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches');
  watch(GPUQueue, 'submit', 'submissions');
  watch(GPUQueue, 'writeBuffer', 'writes');
  watch(GPUBuffer, 'mapAsync', 'reads');
  watch(GPUDevice, 'createComputePipeline', 'pipelines');
  watch(GPUDevice, 'createComputePipelineAsync', 'pipelines');
  return seen;
}

/** `rounds` times `together` steps, after the first one. Milliseconds. */
export async function run(who, { rounds, together }) {
  const given = problem(1 + together + rounds * together);
  // Nobody's time: what the set looks like to who has no kernel for it.
  if (who !== 'ours') given.prepared();
  const seen = count();
  const begun = performance.now();
  const { contender } = await import(CONTENDERS[who]);
  const { steps } = await contender(given);
  const losses = [await steps(1)];
  const first = performance.now() - begun;
  const { pipelines } = seen;
  // One round that is not counted.
  losses.push(await steps(together));
  const before = { ...seen };
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    losses.push(await steps(together));
    times.push((performance.now() - start) / together);
  }
  const perStep = Object.fromEntries(Object.entries(seen).map(([name, value]) => [name, (value - before[name]) / (rounds * together)]));
  return { first, times, losses, pipelines, perStep };
}
globalThis.bench = { run };
