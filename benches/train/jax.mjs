// jax-js: the same model and loss, differentiated and compiled by it, with Adam written in its operations.

import { LATENTS, layers, own } from './layers.mjs';

const LAMBDA = 3.02;

/** `device` is wasm, cpu or webgpu; without `threads` the page looks to it as if it had no shared memory. */
export async function start({ device, threads }) {
  if (!threads) delete globalThis.SharedArrayBuffer;
  const jax = await import('./peers/@jax-js/jax/dist/index.js');
  const devices = await jax.init(device);
  if (!devices.includes(device)) throw new Error(`no device ${device}`);
  jax.defaultDevice(device);
  let [model, batches] = [];
  return {
    load: (flat, all) => { [model, batches] = [trainer(jax, layers(flat)), own(all)]; },
    step: (at) => model(batches[at]),
  };
}

function trainer({ jit, nn, numpy: np, valueAndGrad, tree }, shapes) {
  const array = (values, shape) => np.array(values).reshape(shape);
  const layer = (x, { weight, bias }) => np.matmul(x, weight).add(bias);
  const norm = (x) => np.sum(np.square(x), 1, { keepdims: true });
  const kernel = (x, y) => {
    const norms = norm(x.ref).add(norm(y.ref).transpose());
    return np.mean(np.exp(norms.sub(np.matmul(x, y.transpose()).mul(2)).mul(-1 / LATENTS)));
  };
  const loss = (parameters, x, weight, noise, prior) => {
    const [e0, e1, heads0, heads1, d0, d1, d2] = parameters;
    const hidden = nn.relu(layer(nn.relu(layer(x.ref, e0)), e1));
    const [mean, logVar] = [layer(hidden.ref, heads0), layer(hidden, heads1)];
    const latent = mean.ref.add(noise.mul(np.exp(logVar.ref.mul(0.5))));
    const decoded = layer(nn.relu(layer(nn.relu(layer(latent.ref, d0)), d1)), d2);
    const reconstruction = np.sum(weight.mul(np.square(x.sub(decoded)))).mul(0.5 / 64);
    const kl = np.sum(np.square(mean).add(np.exp(logVar.ref)).sub(logVar).sub(1)).mul(0.5 / 64);
    const mmd = kernel(latent.ref, latent.ref).add(kernel(prior.ref, prior.ref)).sub(kernel(latent, prior).mul(2));
    return reconstruction.add(kl).add(mmd.mul(LAMBDA - 1));
  };
  const adam = (w, g, m, v, size, correction) => {
    const first = m.mul(0.9).add(g.ref.mul(0.1));
    const second = v.mul(0.999).add(np.square(g).mul(0.001));
    const change = first.ref.mul(size).div(np.sqrt(second.ref).mul(correction).add(1e-8));
    return [w.sub(change), first, second];
  };
  const step = jit((parameters, first, second, x, weight, noise, prior, size, correction) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(parameters), x, weight, noise, prior);
    const next = parameters.map((layer, at) => {
      const part = (name) => adam(layer[name], gradient[at][name], first[at][name], second[at][name], size.ref, correction.ref);
      return [part('weight'), part('bias')];
    });
    size.dispose();
    correction.dispose();
    const pick = (which) => next.map(([weight, bias]) => ({ weight: weight[which], bias: bias[which] }));
    return [value, pick(0), pick(1), pick(2)];
  });
  let parameters = shapes.map(({ inputs, outputs, weight, bias }) => ({ weight: array(weight, [inputs, outputs]), bias: array(bias, [outputs]) }));
  const zeros = () => shapes.map(({ inputs, outputs }) => ({ weight: np.zeros([inputs, outputs]), bias: np.zeros([outputs]) }));
  let [first, second, count] = [zeros(), zeros(), 0];
  return async ({ x, weight, noise, prior }) => {
    count += 1;
    const size = np.array(new Float32Array([1e-3 / (1 - 0.9 ** count)])).reshape([]);
    const correction = np.array(new Float32Array([1 / Math.sqrt(1 - 0.999 ** count)])).reshape([]);
    const spectra = [array(x, [64, 1000]), array(weight, [64, 1000]), array(noise, [64, LATENTS]), array(prior, [64, LATENTS])];
    let value;
    [value, parameters, first, second] = step(parameters, first, second, ...spectra, size, correction);
    return (await value.data())[0];
  };
}
