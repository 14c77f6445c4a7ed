// Training in the page on WebGPU, on this Chromium's software adapter: it can be chosen, agrees with the CPU, hands over in the middle
// of a run, and when its device is lost the CPU goes on. What it proves is that the numbers are right, never how fast they come.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { modules, open, until } from './harness.mjs';

const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');
const LONG = 600_000;
const SMALL = 'kind:vae,latents:2,hidden1:24,hidden2:8,lambda:5,batch:64,seed:3,spectra:512';

let browser;
before(async () => {
  const args = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
  browser = await chromium.launch({ executablePath: process.env.SPECTRASCAPE_CHROMIUM ?? '/usr/bin/chromium', args });
});
after(() => browser?.close());

const lab = (t, settings, options = {}) => open(t, browser, { hash: `#view=train&train=${settings}`, ...options });
const epoch = async (app) => Number((await app.text('epoch')).replace('–', '0'));
const reaches = (app, count) => until(`epoch ${count}`, async () => (await epoch(app)) >= count, () => app.describe(), LONG);
const finishes = (app) => until('training is finished', async () => /Stopped early|Ended with/.test(await app.text('train-ending')), () => app.describe(), LONG);
const onGpu = (app) => until('there is a GPU to choose', () => app.get('train-engine').locator('option[value=gpu]').isEnabled(), () => app.describe());

async function curves(app) {
  await app.get('train-save').first().click();
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.get('save-curves').first().click()]);
  const lines = readFileSync(await download.path()).toString().trim().split('\n').slice(1);
  return lines.map((line) => line.split(',').map(Number));
}

async function trainer(app) {
  let found;
  await until('a GPU trainer runs', async () => (found = app.page.workers().find((worker) => worker.url().includes('engine_gpu'))) !== undefined, () => app.describe());
  return found;
}

test('a software adapter is named and not chosen; chosen by hand it gives the losses of the CPU', async (t) => {
  // Nine epochs of six steps: fifty-four.
  const cpu = await lab(t, `${SMALL},epochs:9`);
  await onGpu(cpu);
  assert.match(await cpu.text('train-engine-why'), /imitated by the CPU/);
  await cpu.get('train-gpu').locator('summary').click();
  const facts = await cpu.get('train-gpu').innerText();
  for (const fact of [/adapter\s+\S+/, /imitated by the CPU\s+yes/, /largest buffer\s+\d+ MB/, /timestamp-query.*\s+(yes|no)/]) assert.match(facts, fact);
  assert.ok(!cpu.requests.some((url) => url.includes('engine_gpu')), 'its engine is fetched only when wanted');
  await cpu.get('train-start').first().click();
  await finishes(cpu);
  const numbers = await curves(cpu);

  const gpu = await lab(t, `${SMALL},epochs:9`);
  await onGpu(gpu);
  await gpu.get('train-engine').selectOption('gpu');
  assert.match(await gpu.text('train-engine-why'), /imitated by the CPU: right numbers, slowly/);
  await gpu.get('train-start').first().click();
  await finishes(gpu);
  await trainer(gpu);
  for (const [at, line] of (await curves(gpu)).entries()) {
    for (const [column, value] of line.entries()) {
      const size = Math.max(Math.abs(numbers[at][column]), 1);
      assert.ok(Math.abs(value - numbers[at][column]) <= 1e-4 * size, `epoch ${at + 1}, column ${column}: ${value} and ${numbers[at][column]}`);
    }
  }
  cpu.assertClean();
  gpu.assertClean();
});

test('a run moves from the CPU to the GPU and back to the CPU when the device is lost', async (t) => {
  const app = await lab(t, `${SMALL},epochs:40`, { expectErrors: true });
  await onGpu(app);
  await app.get('train-start').first().click();
  await reaches(app, 1);
  await app.get('train-engine').selectOption('gpu');
  const worker = await trainer(app);
  const moved = await epoch(app);
  await reaches(app, moved + 1);
  // The next submission finds its device destroyed, as a driver's reset would leave it.
  await worker.evaluate(() => {
    const make = GPUDevice.prototype.createCommandEncoder;
    GPUDevice.prototype.createCommandEncoder = function (...rest) {
      this.destroy();
      return make.apply(this, rest);
    };
  });
  await app.oneClearSentence(/on the CPU/);
  const lost = await epoch(app);
  assert.equal(await app.get('train-engine').inputValue(), 'cpu');
  await reaches(app, lost + 1);
  assert.match(await app.text('train-engine-why'), /GPU was lost/);
});
