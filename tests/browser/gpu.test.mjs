// Training on the graphics processor: its numbers against a reference, on whatever WebGPU adapter this Chromium has. A software
// one proves that they are right, never how fast they come.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { modules } from './harness.mjs';
import { serve } from './server.mjs';

const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');
const wasm = resolve(process.env.SPECTRASCAPE_PARTS ?? join(import.meta.dirname, '../../target/parts'));
const FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const WITH_GPU = [...FLAGS, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

let site;
let server;
let browser;
before(async () => {
  assert.ok(existsSync(join(wasm, 'bench_gpu.js')), `the GPU learner is not built into ${wasm}: run \`cargo xtask test\``);
  site = mkdtempSync(join(tmpdir(), 'spectrascape-gpu-'));
  cpSync(wasm, join(site, 'wasm'), { recursive: true });
  for (const file of ['gpu_page.mjs', 'gpu_reference.mjs', '../fixtures/vae/parity.json']) cpSync(join(import.meta.dirname, file), join(site, basename(file)));
  writeFileSync(join(site, 'index.html'), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="gpu_page.mjs"></script>');
  server = await serve(site);
  browser = await launch(WITH_GPU);
});
after(async () => {
  await browser?.close();
  await server?.close();
  if (site) rmSync(site, { recursive: true, force: true });
});

const launch = (args) => chromium.launch({ executablePath: process.env.SPECTRASCAPE_CHROMIUM ?? '/usr/bin/chromium', args });

async function inPage(name, settings = {}, where = browser) {
  const page = await where.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.tests, undefined, { timeout: 120_000 });
  try {
    return await page.evaluate(([name, settings]) => globalThis.tests[name](settings), [name, settings]);
  } finally {
    await page.close();
  }
}

const TERMS = ['loss', 'reconstruction', 'KL', 'MMD'];

/**
 * The loss and its reconstruction within `tolerance`; KL and MMD, of which few latents decide, within ten times that, the MMD
 * (a difference of numbers near 1) within ten times that of 1. Returns the largest difference of each.
 */
function agree(ours, theirs, tolerance) {
  const worst = [0, 0, 0, 0];
  for (const [step, terms] of theirs.entries()) {
    for (const [term, value] of terms.entries()) {
      const size = term === 3 ? Math.max(1, Math.abs(value)) : Math.abs(value);
      const difference = Math.abs(ours[step][term] - value) / Math.max(size, 1e-30);
      const allowed = term < 2 ? tolerance : 10 * tolerance;
      worst[term] = Math.max(worst[term], difference);
      const holds = value === 0 ? ours[step][term] === 0 : difference <= allowed;
      assert.ok(holds, `step ${step + 1}, ${TERMS[term]}: ${ours[step][term]} and the reference ${value}`);
    }
  }
  return worst;
}

test('the adapter is described, and where there is none it is said why', async () => {
  const found = await inPage('probe');
  assert.ok(found.available && found.reason === '', JSON.stringify(found));
  assert.ok(found.vendor && found.features.length && found.max_storage_binding >= 2 ** 27, JSON.stringify(found));
  const without = await launch([...FLAGS, '--disable-features=WebGPU', '--disable-gpu', '--disable-software-rasterizer', '--disable-blink-features=WebGPU']);
  try {
    const missing = await inPage('probe', {}, without);
    assert.equal(missing.available, false);
    assert.ok(missing.reason.split(' ').length > 4, missing.reason);
  } finally {
    await without.close();
  }
});

test('the kernels conform to the fixture that every backend is held against', async () => {
  const cases = await inPage('conformance');
  assert.equal(cases.length, 7);
  for (const { name, terms, termsTheirs, posterior, layers } of cases) {
    agree([terms], [termsTheirs], 1e-5);
    assert.ok(posterior < 1e-5, `${name}: latents ${posterior}`);
    layers.forEach((apart, i) => assert.ok(apart < 2e-5, `${name}: ${i % 2 ? 'bias' : 'weight'} of layer ${i / 2 | 0}: ${apart}`));
  }
});

const VARIANTS = {
  'the paper': {},
  'the published code': { published: true },
  'a plain autoencoder': { changes: { variational: false } },
  'alpha, other weights': { changes: { alpha: 0.4, lambda: 7, weight_epsilon: 0.01 } },
  'no weights, a batch of one': { changes: { unweighted: true }, spectra: 1 },
  'wider than a tile, 31 latents, 97 spectra': { changes: { pixels: 65, hidden1: 40, hidden2: 33, latents: 31, batch: 97 }, spectra: 97 },
};
for (const [name, settings] of Object.entries(VARIANTS)) {
  test(`derivatives of a small odd-shaped model: ${name}`, async () => {
    const { ours, theirs, layers } = await inPage('gradients', settings);
    agree([ours], [theirs], 1e-5);
    layers.forEach((apart, i) => assert.ok(apart < 2e-5, `${i % 2 ? 'bias' : 'weight'} of layer ${i / 2 | 0}: ${apart}`));
  });
}

test('fifty steps of the paper’s model: losses, weights, latents', async () => {
  const { ours, theirs, valid, validTheirs, places, parameters } = await inPage('agreement');
  assert.equal(ours.length, 50);
  const worst = agree(ours, theirs, 1e-4);
  agree([valid], [validTheirs], 1e-4);
  const largest = worst.map((value, term) => `${TERMS[term]} ${value.toExponential(1)}`).join(', ');
  console.log(`    largest difference in 50 steps: ${largest}; of weights after them ${parameters.toExponential(1)}, of latents ${places.toExponential(1)}`);
  assert.ok(places < 1e-3, `latents differ by ${places}`);
});

test('fifty steps of the published code, small', async () => {
  const { ours, theirs, places } = await inPage('agreement', { published: true, changes: { pixels: 100, hidden1: 50, hidden2: 20, batch: 24 } });
  agree(ours, theirs, 1e-4);
  assert.ok(places < 1e-3, `latents differ by ${places}`);
});

test('how steps are submitted changes nothing, nor does a state taken out and put back', async () => {
  const { same, finite } = await inPage('submissions');
  assert.ok(finite);
  assert.deepEqual(same, [true, true, true]);
});

test('what cannot be done is said in a sentence', async () => {
  const said = await inPage('refusals');
  assert.match(said.latents, /31 latents/);
  assert.match(said.slope, /slope/);
  assert.match(said.head, /head/);
  assert.match(said.row, /row 9/);
  assert.match(said.noise, /do not fit/);
  assert.match(said.full, /64 steps are waiting/);
  assert.equal(said.waiting, 64);
  assert.match(said.lost, /lost/);
  assert.match(said.afterwards, /lost/);
});
