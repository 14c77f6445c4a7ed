// jax-js on WebGPU: the loss and Adam in one `jit`. Every use of an array but its last takes a reference.

import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { config } from './problem.mjs';
import { layout } from './gpu_reference.mjs';

export async function contender({ parameters, prepared }) {
  await init('webgpu');
  defaultDevice('webgpu');
  const { batch: n, latents: d, pixels, lambda, alpha } = config;
  const array = (values, shape) => np.array(values).reshape(shape);
  const start = layout(config).layers.map(({ inputs, outputs, weight, bias }) => ({
    w: array(parameters.slice(weight, bias), [inputs, outputs]),
    b: array(parameters.slice(bias, bias + outputs), [outputs]),
  }));
  const layer = (x, { w, b }) => np.matmul(x, w).add(b);

  // exp(-mean over latents of (x - y)^2) of every pair.
  const kernel = (x, y) => {
    const across = np.sum(x.ref.mul(x.ref), 1, { keepdims: true });
    const down = np.sum(y.ref.mul(y.ref), 1).reshape([1, -1]);
    return np.exp(across.add(down).sub(np.matmul(x, np.transpose(y)).mul(2)).mul(-1 / d));
  };
  const loss = (model, x, weight, noise, prior) => {
    const [e0, e1, heads, d0, d1, d2] = model;
    const code = layer(nn.relu(layer(nn.relu(layer(x.ref, e0)), e1)), heads);
    const [mean, logVar] = np.split(code, 2, 1);
    const z = mean.ref.add(noise.mul(np.exp(logVar.ref.mul(0.5))));
    const out = layer(nn.relu(layer(nn.relu(layer(z.ref, d0)), d1)), d2);
    const residual = x.sub(out);
    const reconstruction = np.sum(residual.ref.mul(residual).mul(weight)).mul(0.5 / n);
    const kl = np.sum(mean.ref.mul(mean).add(np.exp(logVar.ref)).sub(logVar).sub(1)).mul(0.5 / n);
    const mmd = np.mean(kernel(z.ref, z.ref)).add(np.mean(kernel(prior.ref, prior.ref))).sub(np.mean(kernel(z, prior)).mul(2));
    return reconstruction.add(kl.mul(1 - alpha)).add(mmd.mul(alpha + lambda - 1));
  };
  const step = jit((model, first, second, rate, root, x, weight, noise, prior) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(model), x, weight, noise, prior);
    const m = tree.map((m, g) => m.mul(0.9).add(g.mul(0.1)), first, tree.ref(gradient));
    const v = tree.map((v, g) => v.mul(0.999).add(g.ref.mul(g).mul(0.001)), second, gradient);
    const next = tree.map((p, m, v) => p.sub(m.mul(rate.ref).div(np.sqrt(v).mul(root.ref).add(1e-8))), model, tree.ref(m), tree.ref(v));
    rate.dispose();
    root.dispose();
    return [value, next, m, v];
  });

  const batches = prepared();
  let model = start;
  let first = tree.map((p) => np.zerosLike(p.ref), model);
  let second = tree.map((p) => np.zerosLike(p.ref), model);
  let at = 0;
  return {
    async steps(count) {
      let value;
      for (let i = 0; i < count; i += 1) {
        const { x, weight, noise, prior } = batches[at++];
        value?.dispose();
        [value, model, first, second] = step(model, first, second, np.array(config.learning_rate / (1 - 0.9 ** at)), np.array(1 / Math.sqrt(1 - 0.999 ** at)), array(x, [n, pixels]), array(weight, [n, pixels]), array(noise, [n, d]), array(prior, [n, d]));
      }
      return (await value.data())[0];
    },
  };
}
