// TensorFlow.js on WebGPU, as its documentation has it: variables, `tf.train.adam`, `minimize`.

import { config } from './problem.mjs';
import { layout } from './gpu_reference.mjs';

const script = (src) => new Promise((done, failed) => document.head.append(Object.assign(document.createElement('script'), { src, onload: done, onerror: failed })));

export async function contender({ parameters, prepared }) {
  await script('peers/@tensorflow/tfjs/dist/tf.min.js');
  await script('peers/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js');
  const { tf } = globalThis;
  await tf.setBackend('webgpu');
  await tf.ready();
  const { batch: n, latents: d, pixels, lambda, alpha } = config;
  const model = layout(config).layers.map(({ inputs, outputs, weight, bias }) => ({
    w: tf.variable(tf.tensor(parameters.slice(weight, bias), [inputs, outputs])),
    b: tf.variable(tf.tensor(parameters.slice(bias, bias + outputs), [outputs])),
  }));
  const layer = (x, { w, b }) => tf.add(tf.matMul(x, w), b);
  const kernel = (x, y) => {
    const across = tf.sum(tf.mul(x, x), 1, true);
    const down = tf.reshape(tf.sum(tf.mul(y, y), 1), [1, -1]);
    return tf.exp(tf.mul(tf.sub(tf.add(across, down), tf.mul(tf.matMul(x, y, false, true), 2)), -1 / d));
  };
  const loss = (x, weight, noise, prior) => {
    const [e0, e1, heads, d0, d1, d2] = model;
    const code = layer(tf.relu(layer(tf.relu(layer(x, e0)), e1)), heads);
    const [mean, logVar] = tf.split(code, 2, 1);
    const z = tf.add(mean, tf.mul(noise, tf.exp(tf.mul(logVar, 0.5))));
    const residual = tf.sub(x, layer(tf.relu(layer(tf.relu(layer(z, d0)), d1)), d2));
    const reconstruction = tf.mul(tf.sum(tf.mul(tf.mul(residual, residual), weight)), 0.5 / n);
    const kl = tf.mul(tf.sum(tf.sub(tf.sub(tf.add(tf.mul(mean, mean), tf.exp(logVar)), logVar), 1)), 0.5 / n);
    const mmd = tf.sub(tf.add(tf.mean(kernel(z, z)), tf.mean(kernel(prior, prior))), tf.mul(tf.mean(kernel(z, prior)), 2));
    return tf.add(tf.add(reconstruction, tf.mul(kl, 1 - alpha)), tf.mul(mmd, alpha + lambda - 1));
  };
  const adam = tf.train.adam(config.learning_rate, 0.9, 0.999, 1e-8);
  const batches = prepared();
  let at = 0;
  return {
    async steps(count) {
      let last;
      for (let i = 0; i < count; i += 1) {
        const { x, weight, noise, prior } = batches[at++];
        last?.dispose();
        last = tf.tidy(() => adam.minimize(() => loss(tf.tensor(x, [n, pixels]), tf.tensor(weight, [n, pixels]), tf.tensor(noise, [n, d]), tf.tensor(prior, [n, d])), true));
      }
      return (await last.data())[0];
    },
  };
}
