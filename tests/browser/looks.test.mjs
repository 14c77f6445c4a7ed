// How it looks: large, small and dark; and what it weighs.

import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { built, dist, launch, open } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Lightness of the page's background, 0 black to 1 white. */
const lightness = (app) => app.page.evaluate(() => {
  for (const element of [document.body, document.documentElement]) {
    const [r, g, b, a = 1] = getComputedStyle(element).backgroundColor.match(/[\d.]+/g).map(Number);
    if (a > 0) return (r + g + b) / 765;
  }
  return 1;
});

async function selectOne(app) {
  await app.selectPoint(0.5);
  await app.settled('spectrum');
}

for (const scheme of ['light', 'dark']) {
  test(`1440 x 900, ${scheme}`, async (t) => {
    const app = await open(t, browser, { context: { colorScheme: scheme } });
    await selectOne(app);
    const light = await lightness(app);
    assert.ok(scheme === 'dark' ? light < 0.25 : light > 0.8, `the background of the ${scheme} scheme has lightness ${light}`);
    await app.screenshot(`1440x900-${scheme}`);
    app.assertClean();
  });
}

test('390 x 844: a phone scrolls down, never sideways', async (t) => {
  const app = await open(t, browser, { context: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } });
  await selectOne(app);
  const width = await app.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} pixels wide`);
  await app.screenshot('390x844');
  await app.screenshot('390x844-whole', { fullPage: true });
  for (const id of ['scatter', 'spectrum', 'latent-slider-1', 'train-start']) {
    const box = await app.get(id).first().boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= 391, `${id} fits the phone`);
  }
  app.assertClean();
});

test('what goes over the wire', async (t) => {
  const files = readdirSync(dist, { recursive: true }).map(String).filter((file) => statSync(join(dist, file)).isFile());
  const kinds = {
    page: /^(index\.html|app.*\.(js|wasm)|.*\.css)$/,
    engine: /^engine_cpu.*\.(js|wasm)$/,
    'set without spectra': /^data\/simulated\/(manifest|mean|catalogue)/,
    latents: /^models\/vae6\.latents\.safetensors$/,
    weights: /^models\/vae6\.safetensors$/,
    shards: /^data\/simulated\/shard-/,
  };
  const rows = Object.entries(kinds).map(([kind, pattern]) => {
    const found = files.filter((file) => pattern.test(file));
    assert.ok(found.length > 0, `${kind} is part of the page`);
    const raw = found.reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
    const wire = kind === 'shards' ? raw : found.reduce((sum, file) => sum + gzipSync(built(file)).length, 0);
    return { what: kind, files: found.length, bytes: raw, gzipped: wire };
  });
  console.table(rows);

  // DESIGN's budgets are over the wire, gzipped; a single spectrum, a range of a shard, is 4 kB more.
  const wire = (...kinds) => rows.filter((row) => kinds.includes(row.what)).reduce((sum, row) => sum + row.gzipped, 0) / 1048576;
  t.diagnostic(`before the first scatter: ${wire('page', 'latents').toFixed(2)} MiB`);
  t.diagnostic(`before the first decoded spectrum: ${wire('page', 'latents', 'engine', 'weights').toFixed(2)} MiB`);
});
