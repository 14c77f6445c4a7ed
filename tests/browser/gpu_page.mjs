// What the GPU's tests run in their page: our learner and the reference side by side, on the same numbers.

import start, * as gpu from './wasm/bench_gpu.js';
import { Reference, generator, halfBits, initial, layout, normal, simulatedSet } from './gpu_reference.mjs';

await start();

/** The paper's settings, changed. */
const settings = (changes, published = false) => ({ ...JSON.parse(gpu.configuration(6, published)), ...changes });
const SMALL = { pixels: 37, hidden1: 19, hidden2: 11, latents: 3, batch: 5 };

/** A model on the device and its reference, and batches for both. */
async function pair(config, count, seed = 7) {
  const set = simulatedSet(config.pixels, count, seed);
  const parameters = initial(config, seed + 1);
  const learner = await gpu.Learner.open(JSON.stringify(config), parameters, set.flux, set.ivar, set.mean);
  const random = generator(seed + 2);
  const draws = (spectra) => (config.mmd === 'Plain' ? spectra : 200);
  const batch = (spectra = config.batch) => ({
    rows: Uint32Array.from({ length: spectra }, () => Math.floor(random() * count)),
    noise: normal(random, spectra * config.latents),
    prior: normal(random, draws(spectra) * config.latents),
  });
  return { set, parameters, learner, reference: new Reference(config, parameters), batch };
}

/** The largest difference, over the largest number. */
function apart(ours, theirs) {
  let [difference, size] = [0, 0];
  for (let i = 0; i < theirs.length; i += 1) {
    if (!Number.isFinite(ours[i])) return Infinity;
    difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
    size = Math.max(size, Math.abs(theirs[i]));
  }
  return size === 0 ? difference : difference / size;
}

/** The fixture's layers, in PyTorch's layout, as one flat buffer: weights [in, out], mean and log variance side by side. */
function flat({ pixels, hidden1, hidden2, latents }, layers) {
  const layer = (name, inputs, outputs) => ({ inputs, outputs, weight: (i, o) => layers[`${name}.weight`][o * inputs + i], bias: layers[`${name}.bias`] });
  const [mean, logVar] = ['mean', 'log_var'].map((name) => layer(name, hidden2, latents));
  const heads = { inputs: hidden2, outputs: 2 * latents, weight: (i, o) => (o < latents ? mean.weight(i, o) : logVar.weight(i, o - latents)), bias: [...mean.bias, ...logVar.bias] };
  const all = [layer('encoder.0', pixels, hidden1), layer('encoder.2', hidden1, hidden2), heads, layer('decoder.0', latents, hidden2), layer('decoder.2', hidden2, hidden1), layer('decoder.4', hidden1, pixels)];
  return all.flatMap(({ inputs, outputs, weight, bias }) => [...Array.from({ length: inputs * outputs }, (_, at) => weight(Math.floor(at / outputs), at % outputs)), ...bias]);
}

const perStep = (flat) => Array.from({ length: flat.length / 4 }, (_, i) => Array.from(flat.slice(4 * i, 4 * i + 4)));

export const tests = {
  probe: async () => JSON.parse(await gpu.probe()),

  /** Derivatives of one batch, out of Adam's first moments, layer by layer; and the loss terms. */
  async gradients({ changes = {}, published = false, spectra = 5 }) {
    const config = settings({ ...SMALL, ...changes }, published);
    const { set, learner, reference, batch } = await pair(config, 23);
    const { rows, noise, prior } = batch(spectra);
    const { terms, gradient } = reference.loss(set, rows, noise, prior);
    learner.train(rows, noise, prior, 1e-3);
    const [ours] = perStep(await learner.losses());
    const state = await learner.state();
    const first = state.subarray(state.length / 3, (2 * state.length) / 3);
    const layers = layout(config).layers.map(({ inputs, outputs, weight, bias }) => [[weight, inputs * outputs], [bias, outputs]].map(([at, length]) => apart(first.slice(at, at + length).map((m) => 10 * m), gradient.slice(at, at + length))));
    learner.free();
    return { ours, theirs: terms, layers: layers.flat() };
  },

  /** Forward pass, loss terms and derivatives of every case of the fixture that the kernels support, beside NumPy's. */
  async conformance() {
    const cases = await (await fetch('parity.json')).json();
    const found = [];
    for (const fixture of cases.filter((one) => !one.weight_input && !one.labels)) {
      const { pixels, h1, h2, latents, batch } = fixture;
      const sizes = { pixels, hidden1: h1, hidden2: h2, latents, batch, negative_slope: fixture.slope };
      const config = settings({ ...sizes, variational: fixture.variational, alpha: fixture.alpha, lambda: fixture.lam, mmd: fixture.mmd, weight_epsilon: 0 });
      const parameters = Float32Array.from(flat(config, fixture.parameters));
      const [flux, ivar] = [fixture.x, fixture.weight].map((values) => Uint16Array.from(values, halfBits));
      const learner = await gpu.Learner.open(JSON.stringify(config), parameters, flux, ivar, new Float32Array(pixels));
      const rows = Uint32Array.from({ length: batch }, (_, row) => row);
      // Without noise the latents are the means.
      const noise = Float32Array.from(fixture.noise, (draw) => (fixture.noisy ? draw : 0));
      const posterior = await learner.encode(rows);
      learner.train(rows, noise, Float32Array.from(fixture.prior), 1e-3);
      const [terms] = perStep(await learner.losses());
      const state = await learner.state();
      const gradient = state.subarray(state.length / 3, (2 * state.length) / 3).map((m) => 10 * m);
      const theirs = flat(config, fixture.gradients);
      const layers = layout(config).layers.flatMap(({ inputs, outputs, weight, bias }) => [[weight, inputs * outputs], [bias, outputs]].map(([at, length]) => apart(gradient.slice(at, at + length), theirs.slice(at, at + length))));
      const { total, reconstruction, kl, mmd } = fixture.terms;
      found.push({ name: fixture.name, terms, termsTheirs: [total, reconstruction, kl, mmd], posterior: apart(posterior, [...fixture.mean, ...fixture.log_var]), layers });
      learner.free();
    }
    return found;
  },

  /** Losses of both over steps from the same weights, `together` steps a submission. */
  async agreement({ changes = {}, published = false, count = 200, steps = 50, together = 10, rate = 1e-3 }) {
    const config = settings(changes, published);
    const { set, learner, reference, batch } = await pair(config, count);
    const [ours, theirs] = [[], []];
    for (let step = 0; step < steps; step += 1) {
      // Every seventh batch is a short one, as an epoch's last.
      const { rows, noise, prior } = batch(step % 7 === 6 ? Math.ceil(config.batch / 3) : config.batch);
      learner.train(rows, noise, prior, rate);
      theirs.push(reference.train(set, rows, noise, prior, rate));
      if ((step + 1) % together === 0) ours.push(...perStep(await learner.losses()));
    }
    const { rows, prior } = batch();
    learner.evaluate(rows, prior);
    const [valid] = perStep(await learner.losses());
    const { terms, heads } = reference.loss(set, rows, null, prior, false);
    const places = await learner.encode(rows);
    const d = config.latents;
    const inTurn = Float64Array.from({ length: heads.length }, (_, i) => heads[Math.floor((i % (heads.length / 2)) / d) * 2 * d + (i % d) + (i < heads.length / 2 ? 0 : d)]);
    const state = await learner.state();
    const parameters = apart(state.subarray(0, state.length / 3), reference.parameters);
    learner.free();
    return { ours, theirs, valid, validTheirs: terms, places: apart(places, inTurn), parameters };
  },

  /** The same steps one a submission, all in one, and from a state in the middle: losses and weights must be the same. */
  async submissions() {
    const config = settings({ ...SMALL, batch: 40 });
    const runs = [];
    for (const how of ['one', 'all', 'restored']) {
      const { learner, batch } = await pair(config, 90);
      const losses = [];
      for (let step = 0; step < 12; step += 1) {
        const { rows, noise, prior } = batch();
        learner.train(rows, noise, prior, 1e-3);
        if (how === 'one') losses.push(...(await learner.losses()));
        if (how === 'restored' && step === 5) {
          losses.push(...(await learner.losses()));
          const state = await learner.state();
          learner.restore(state.map(() => 0.5), 99);
          learner.restore(state, 6);
        }
      }
      losses.push(...(await learner.losses()));
      runs.push([...losses, ...(await learner.state())]);
      learner.free();
    }
    return { same: runs.map((run) => run.length === runs[0].length && run.every((value, i) => value === runs[0][i])), finite: runs[0].every(Number.isFinite) };
  },

  /** What is said when something cannot be done. */
  async refusals() {
    const said = {};
    const attempt = async (name, act) => {
      try { await act(); said[name] = ''; } catch (error) { said[name] = error.message; }
    };
    const model = async (changes) => { (await pair(settings({ ...SMALL, ...changes }), 9)).learner.free(); };
    await attempt('latents', () => model({ latents: 32 }));
    await attempt('slope', () => model({ negative_slope: -0.1 }));
    await attempt('head', () => model({ head: { classes: 4, measurements: [], weight: 1, labelled_fraction: 1 } }));
    const { learner, batch } = await pair(settings(SMALL), 9);
    const { rows, noise, prior } = batch();
    await attempt('row', () => learner.train(rows.fill(9, 0, 1), noise, prior, 1e-3));
    await attempt('noise', () => learner.train(batch().rows, noise.slice(1), prior, 1e-3));
    await attempt('full', () => { for (let step = 0; step < 70; step += 1) { const next = batch(); learner.train(next.rows, next.noise, next.prior, 1e-3); } });
    said.waiting = (await learner.losses()).length / 4;
    const next = batch();
    learner.train(next.rows, next.noise, next.prior, 1e-3);
    learner.lose();
    await attempt('lost', () => learner.losses());
    await attempt('afterwards', async () => { learner.evaluate(next.rows, next.prior); await learner.losses(); });
    return said;
  },
};
globalThis.tests = tests;
