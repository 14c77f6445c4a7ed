// TensorFlow.js: the same model, loss and optimiser in its own operations.

import { LATENTS, layers, own } from './layers.mjs';

const { tf } = globalThis;
/** The paper's for 6 latents. */
const LAMBDA = 3.02;

/** `backend` is wasm or cpu; with `threads` the wasm one takes all cores; with `turned` matrices are transposed before a gradient's products. */
export async function start({ backend, threads, turned, weights }) {
  tf.env().set('WASM_HAS_SIMD_SUPPORT', true);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', Boolean(threads));
  tf.wasm.setWasmPaths('./peers/@tensorflow/tfjs-backend-wasm/wasm-out/');
  if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`);
  await tf.ready();
  if (turned) transposeFirst();
  let [model, batches] = [];
  return {
    load: (flat, all) => { [model, batches] = [trainer(layers(flat)), own(all)]; },
    step: async (at) => model(batches[at]),
  };
}

function trainer(shapes) {
  const variables = shapes.flatMap(({ inputs, outputs, weight, bias }) => [tf.variable(tf.tensor2d(weight, [inputs, outputs])), tf.variable(tf.tensor1d(bias))]);
  const layer = (x, at) => tf.add(tf.matMul(x, variables[2 * at]), variables[2 * at + 1]);
  const adam = tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
  const loss = (x, weight, noise, prior) => {
    const spectra = x.shape[0];
    const hidden = tf.relu(layer(tf.relu(layer(x, 0)), 1));
    const [mean, logVar] = [layer(hidden, 2), layer(hidden, 3)];
    const latent = tf.add(mean, tf.mul(noise, tf.exp(tf.mul(logVar, 0.5))));
    const decoded = layer(tf.relu(layer(tf.relu(layer(latent, 4)), 5)), 6);
    const reconstruction = tf.mul(tf.sum(tf.mul(weight, tf.square(tf.sub(x, decoded)))), 0.5 / spectra);
    const kl = tf.mul(tf.sum(tf.sub(tf.sub(tf.add(tf.square(mean), tf.exp(logVar)), logVar), 1)), 0.5 / spectra);
    const mmd = tf.sub(tf.add(kernel(latent, latent), kernel(prior, prior)), tf.mul(kernel(latent, prior), 2));
    return tf.add(tf.add(reconstruction, kl), tf.mul(mmd, LAMBDA - 1));
  };
  return ({ x, weight, noise, prior }) => {
    const inputs = [tf.tensor2d(x, [64, 1000]), tf.tensor2d(weight, [64, 1000]), tf.tensor2d(noise, [64, LATENTS]), tf.tensor2d(prior, [64, LATENTS])];
    const { value, grads } = tf.variableGrads(() => loss(...inputs), variables);
    adam.applyGradients(grads);
    const [total] = value.dataSync();
    tf.dispose([inputs, value, grads]);
    return total;
  };
}

/** The mean of exp(-mean (x - y)^2) over all pairs. */
function kernel(x, y) {
  const norms = tf.add(tf.sum(tf.square(x), 1, true), tf.transpose(tf.sum(tf.square(y), 1, true)));
  return tf.mean(tf.exp(tf.mul(tf.sub(norms, tf.mul(tf.matMul(x, y, false, true), 2)), -1 / LATENTS)));
}

/** The wasm backend multiplies transposed matrices slowly: here the gradient of a product transposes them before. */
function transposeFirst() {
  tf.unregisterGradient('BatchMatMul');
  tf.registerGradient({
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b], { transposeA, transposeB }) => {
      if (transposeA) throw new Error('no product here transposes its first factor');
      const turn = (x) => tf.transpose(x, x.shape.length === 3 ? [0, 2, 1] : [1, 0]);
      if (transposeB) return { a: () => tf.matMul(dy, b), b: () => tf.matMul(turn(dy), a) };
      return { a: () => tf.matMul(dy, turn(b)), b: () => tf.matMul(turn(a), dy) };
    },
  });
}
