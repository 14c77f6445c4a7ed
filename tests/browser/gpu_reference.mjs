// The model's training in double precision and plain loops, written from the paper and from PyTorch's Adam, to hold the GPU's
// numbers against. Shares nothing with what it judges but the layout of the weights: layer after layer, weight [in, out], bias.

/** Numbers from a seed (mulberry32), uniform in 0..1. */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws from the standard normal distribution (Box & Muller), rounded to single precision. */
export function normal(random, count) {
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** The bits of a half-precision number, as IEEE 754 numbers them, rounded to nearest. */
export function halfBits(value) {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -30)));
  const steps = Math.round(size / 2 ** (exponent - 10));
  return sign + (exponent === -14 ? steps : ((exponent + 14) << 10) + steps);
}

export function halfValue(bits) {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** A simulated set: smooth spectra in unit root mean square with noise, some pixels masked and some no numbers at all. */
export function simulatedSet(pixels, count, seed) {
  const random = generator(seed);
  const [flux, ivar] = [new Uint16Array(pixels * count), new Uint16Array(pixels * count)];
  const mean = new Float32Array(pixels);
  for (let row = 0; row < count; row += 1) {
    const [tilt, wave, phase, noise] = [random() - 0.5, random(), 6 * random(), 0.05 + 0.2 * random()];
    const deviates = normal(random, pixels);
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const at = row * pixels + pixel;
      const truth = 1 + tilt * (pixel / pixels - 0.5) + 0.3 * wave * Math.sin(phase + (20 * pixel) / pixels);
      const odd = random();
      flux[at] = halfBits(odd < 0.002 ? NaN : odd < 0.003 ? Infinity : truth + noise * deviates[pixel]);
      ivar[at] = halfBits(odd > 0.97 ? 0 : odd > 0.969 ? Infinity : odd > 0.968 ? -3 : odd > 0.965 ? 3e-6 : 1 / noise ** 2);
      mean[pixel] += truth / count;
    }
  }
  return { flux, ivar, mean, pixels, count };
}

/** Where the layers lie, as `vae::parameters` has them. */
export function layout({ pixels, hidden1, hidden2, latents }) {
  const widths = [[pixels, hidden1], [hidden1, hidden2], [hidden2, 2 * latents], [latents, hidden2], [hidden2, hidden1], [hidden1, pixels]];
  let at = 0;
  const layers = widths.map(([inputs, outputs]) => {
    const layer = { inputs, outputs, weight: at, bias: at + inputs * outputs };
    at = layer.bias + outputs;
    return layer;
  });
  return { layers, length: at };
}

/** Weights uniform within 1 / sqrt(inputs). */
export function initial(config, seed) {
  const random = generator(seed);
  const { layers, length } = layout(config);
  const parameters = new Float32Array(length);
  for (const { inputs, outputs, weight } of layers) {
    for (let i = 0; i < (inputs + 1) * outputs; i += 1) parameters[weight + i] = (2 * random() - 1) / Math.sqrt(inputs);
  }
  return parameters;
}

/** Spectra less the mean, and their weights. */
export function batchOf(set, rows, config) {
  const { pixels } = set;
  const [x, weight] = [new Float64Array(rows.length * pixels), new Float64Array(rows.length * pixels)];
  rows.forEach((row, n) => {
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const [flux, ivar] = [halfValue(set.flux[row * pixels + pixel]), halfValue(set.ivar[row * pixels + pixel])];
      if (!Number.isFinite(flux)) continue;
      x[n * pixels + pixel] = flux - set.mean[pixel];
      const good = ivar > 0 && Number.isFinite(ivar);
      weight[n * pixels + pixel] = config.unweighted ? 1 : good ? 1 / (1 / ivar + config.weight_epsilon) : 0;
    }
  });
  return { x, weight };
}

/** A model in training. */
export class Reference {
  constructor(config, parameters) {
    this.config = config;
    const { layers, length } = layout(config);
    this.layers = layers;
    this.parameters = Float64Array.from(parameters);
    [this.first, this.second] = [new Float64Array(length), new Float64Array(length)];
    this.step = 0;
  }

  /** Loss of a batch, without `noise` as in validation; and, where wanted, its derivatives by all parameters. */
  loss(set, rows, noise, prior, wanted = true) {
    const { config, layers, parameters } = this;
    const { latents: d, negative_slope: slope, variational, alpha, lambda } = config;
    const n = rows.length;
    const { x, weight } = batchOf(set, rows, config);
    const active = (v) => (v > 0 ? v : slope * v);
    const forward = (input, layer, activate) => {
      const { inputs, outputs, weight: w, bias } = layers[layer];
      const out = new Float64Array(n * outputs);
      for (let i = 0; i < n; i += 1) {
        const row = out.subarray(i * outputs, (i + 1) * outputs);
        for (let o = 0; o < outputs; o += 1) row[o] = parameters[bias + o];
        for (let k = 0; k < inputs; k += 1) {
          const value = input[i * inputs + k];
          const from = w + k * outputs;
          if (value !== 0) for (let o = 0; o < outputs; o += 1) row[o] += value * parameters[from + o];
        }
        if (activate) for (let o = 0; o < outputs; o += 1) row[o] = active(row[o]);
      }
      return out;
    };
    const h1 = forward(x, 0, true);
    const h2 = forward(h1, 1, true);
    const heads = forward(h2, 2, false);
    const mean = (i, k) => heads[i * 2 * d + k];
    const logVar = (i, k) => heads[i * 2 * d + d + k];
    const drawn = variational && noise;
    const z = new Float64Array(n * d);
    for (let i = 0; i < n; i += 1) for (let k = 0; k < d; k += 1) z[i * d + k] = mean(i, k) + (drawn ? noise[i * d + k] * Math.exp(logVar(i, k) / 2) : 0);
    const g2 = forward(z, 3, true);
    const g1 = forward(g2, 4, true);
    const out = forward(g1, 5, false);

    let [reconstruction, kl] = [0, 0];
    const byOut = new Float64Array(out.length);
    for (let i = 0; i < out.length; i += 1) {
      const residual = out[i] - x[i];
      reconstruction += (weight[i] * residual * residual) / (2 * n);
      byOut[i] = (weight[i] * residual) / n;
    }
    const byHeads = new Float64Array(heads.length);
    const byMmd = new Float64Array(n * d);
    let mmd = 0;
    if (variational) {
      for (let i = 0; i < n; i += 1) {
        for (let k = 0; k < d; k += 1) {
          kl += (mean(i, k) ** 2 + Math.exp(logVar(i, k)) - logVar(i, k) - 1) / (2 * n);
          byHeads[i * 2 * d + k] += ((1 - alpha) * mean(i, k)) / n;
          byHeads[i * 2 * d + d + k] += ((1 - alpha) * (Math.exp(logVar(i, k)) - 1)) / (2 * n);
        }
      }
      const scale = config.mmd === 'Plain' ? 1 : n * d;
      mmd = scale * this.mmd(z, prior, scale * (alpha + lambda - 1), byMmd);
    }
    const total = reconstruction + (1 - alpha) * kl + (alpha + lambda - 1) * mmd;
    const terms = [total, reconstruction, kl, mmd];
    if (!wanted) return { terms, heads, z };

    const gradient = new Float64Array(parameters.length);
    const backward = (input, by, layer, through) => {
      const { inputs, outputs, weight: w, bias } = layers[layer];
      const byInput = new Float64Array(n * inputs);
      for (let i = 0; i < n; i += 1) {
        const row = by.subarray(i * outputs, (i + 1) * outputs);
        for (let o = 0; o < outputs; o += 1) gradient[bias + o] += row[o];
        for (let k = 0; k < inputs; k += 1) {
          const value = input[i * inputs + k];
          const from = w + k * outputs;
          let sum = 0;
          for (let o = 0; o < outputs; o += 1) {
            gradient[from + o] += value * row[o];
            sum += row[o] * parameters[from + o];
          }
          byInput[i * inputs + k] = through && !(value > 0) ? slope * sum : sum;
        }
      }
      return byInput;
    };
    const byG1 = backward(g1, byOut, 5, true);
    const byG2 = backward(g2, byG1, 4, true);
    const byZ = backward(z, byG2, 3, false);
    for (let i = 0; i < n; i += 1) {
      for (let k = 0; k < d; k += 1) {
        const by = byZ[i * d + k] + byMmd[i * d + k];
        byHeads[i * 2 * d + k] += by;
        if (drawn) byHeads[i * 2 * d + d + k] += (by * noise[i * d + k] * Math.exp(logVar(i, k) / 2)) / 2;
      }
    }
    const byH2 = backward(h2, byHeads, 2, true);
    const byH1 = backward(h1, byH2, 1, true);
    backward(x, byH1, 0, false);
    return { terms, heads, z, gradient };
  }

  /** The squared maximum mean discrepancy, and `scale` times its derivative by the latents, pair by pair. */
  mmd(z, prior, scale, by) {
    const d = this.config.latents;
    const [n, m] = [z.length / d, prior.length / d];
    const pair = (x, i, y, j, factor, byX, byY) => {
      let squares = 0;
      for (let k = 0; k < d; k += 1) squares += (x[i * d + k] - y[j * d + k]) ** 2;
      const value = Math.exp(-squares / d);
      for (let k = 0; k < d; k += 1) {
        const slope = (factor * scale * value * -2 * (x[i * d + k] - y[j * d + k])) / d;
        if (byX) byX[i * d + k] += slope;
        if (byY) byY[j * d + k] -= slope;
      }
      return factor * value;
    };
    let sum = 0;
    for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) sum += pair(z, i, z, j, 1 / n ** 2, by, by);
    for (let i = 0; i < m; i += 1) for (let j = 0; j < m; j += 1) sum += pair(prior, i, prior, j, 1 / m ** 2);
    for (let i = 0; i < n; i += 1) for (let j = 0; j < m; j += 1) sum += pair(z, i, prior, j, -2 / (n * m), by);
    return sum;
  }

  /** A step of Adam; the loss before it. */
  train(set, rows, noise, prior, rate) {
    const { terms, gradient } = this.loss(set, rows, noise, prior);
    this.step += 1;
    const [rest1, rest2] = [1 - 0.9 ** this.step, 1 - 0.999 ** this.step];
    for (let i = 0; i < gradient.length; i += 1) {
      const g = gradient[i];
      this.first[i] = 0.9 * this.first[i] + 0.1 * g;
      this.second[i] = 0.999 * this.second[i] + 0.001 * g * g;
      this.parameters[i] -= (rate * (this.first[i] / rest1)) / (Math.sqrt(this.second[i] / rest2) + 1e-8);
    }
    return terms;
  }
}
