// Many spectra picked in the scatter, and classes hidden from it: what is picked is what lies there, by the set's own files.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, until } from './harness.mjs';
import { drag, picked, pickedCount, pickedRows, scale, shipped, words } from './sky.mjs';

let browser;
let set;
before(async () => { browser = await launch(); set = shipped(); });
after(() => browser?.close());

const RAW = '#v=1&axes=l1,l2';

/** Rows surely inside, and rows perhaps inside: the frame's pixels are known to about one. */
function within(distance) {
  const rows = [...Array(set.count).keys()];
  return { surely: rows.filter((row) => distance(row) > 1.5), perhaps: new Set(rows.filter((row) => distance(row) > -1.5)) };
}

function assertPicked(rows, { surely, perhaps }) {
  const got = new Set(rows);
  assert.deepEqual(surely.filter((row) => !got.has(row)), [], 'all that lies inside is picked');
  assert.deepEqual(rows.filter((row) => !perhaps.has(row)), [], 'nothing that lies outside is picked');
}

/** Pixels of the scatter that have about a colour's hue. */
const inked = (app, rgb) => app.get('scatter').evaluate((canvas, rgb) => {
  const hue = ([r, g, b]) => Math.atan2(Math.sqrt(3) * (g - b), 2 * r - g - b);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    const pixel = [data[i], data[i + 1], data[i + 2]];
    if (data[i + 3] > 60 && Math.max(...pixel) - Math.min(...pixel) > 40 && Math.abs(Math.sin((hue(pixel) - hue(rgb)) / 2)) < 0.1) found += 1;
  }
  return found;
}, rgb);

test('a rectangle picks exactly the spectra in it, by its button and by Shift; Shift adds; Escape lets go', async (t) => {
  const app = await open(t, browser, { hash: RAW });
  await app.settled('scatter');
  const place = await scale(app, set, set.latent(1), set.latent(2));
  const distance = ([left, top, right, bottom]) => (row) => {
    const [x, y] = [place.x(set.mean[6 * row]), place.y(set.mean[6 * row + 1])];
    return Math.min(x - left, right - x, y - top, bottom - y);
  };
  const box = await app.get('scatter').boundingBox();
  const at = (x, y) => [Math.round(x * box.width), Math.round(y * box.height)];
  const [a, b, c, d] = [at(0.4, 0.35), at(0.6, 0.55), at(0.62, 0.4), at(0.75, 0.6)];
  await app.get('mode-rectangle').click();
  await drag(app, 'scatter', [a, b]);
  const count = await picked(app);
  const first = await pickedRows(app, set);
  assert.equal(first.length, count, 'the count is that of the saved list');
  assertPicked(first, within(distance([...a, ...b])));
  assert.match(await words(app, 'scatter'), new RegExp(`${count} are picked`));
  assert.equal(await app.get('tab-picked').getAttribute('aria-selected'), 'true', 'the picked ones are listed at once');

  await app.get('mode-move').click();
  await drag(app, 'scatter', [c, d], { shift: true });
  await until('more are picked', async () => (await pickedCount(app)) !== count);
  const both = await pickedRows(app, set);
  assertPicked(both, within((row) => Math.max(distance([...a, ...b])(row), distance([...c, ...d])(row))));
  assert.deepEqual(first.filter((row) => !both.includes(row)), [], 'Shift adds to the pick');

  await app.get('scatter').focus();
  await app.page.keyboard.press('Escape');
  await until('nothing is picked', async () => (await pickedCount(app)) === 0);
  app.assertClean();
});

test('a lasso picks what lies inside it', async (t) => {
  const app = await open(t, browser, { hash: RAW });
  await app.settled('scatter');
  const place = await scale(app, set, set.latent(1), set.latent(2));
  const box = await app.get('scatter').boundingBox();
  const centre = [0.5 * box.width, 0.45 * box.height];
  const corners = Array.from({ length: 33 }, (_, i) => (i * 2 * Math.PI) / 32).map((angle) => [Math.round(centre[0] + 80 * Math.cos(angle)), Math.round(centre[1] + 80 * Math.sin(angle))]);
  await app.get('mode-lasso').click();
  await drag(app, 'scatter', corners);
  await picked(app);
  const rows = await pickedRows(app, set);
  // A circle of radius 80 but for what its 32 straight sides cut off.
  assertPicked(rows, within((row) => 79.5 - Math.hypot(place.x(set.mean[6 * row]) - centre[0], place.y(set.mean[6 * row + 1]) - centre[1])));
  app.assertClean();
});

test('the legend hides and shows classes; hidden ones are neither drawn, nor picked, nor walked to', async (t) => {
  const app = await open(t, browser, { hash: RAW });
  const before = await app.settled('scatter');
  const orange = await app.get('class-0').locator('.dot').evaluate((dot) => getComputedStyle(dot).backgroundColor.match(/\d+/g).map(Number));
  const orangeBefore = await inked(app, orange);
  assert.ok(orangeBefore > 500, `points of the legend's colour ${orange} are drawn: ${orangeBefore} pixels`);
  for (const [code, name] of set.manifest.class_names.entries()) {
    const count = set.classes.filter((other) => other === code).length;
    const text = await app.text(`class-${code}`);
    assert.ok(text.includes(name) && Number(text.replace(/\D/g, '')) === count, `${name} ${count}: ${text}`);
  }
  await app.get('class-0').click();
  const without = await app.redrawn('scatter', before);
  assert.ok((await inked(app, orange)) < orangeBefore / 5, 'no point of its colour is left but what others mix to');
  assert.equal(await app.get('class-0').getAttribute('aria-pressed'), 'false');
  assert.match(await words(app, 'scatter'), /classes are hidden/);
  const box = await app.get('scatter').boundingBox();
  await drag(app, 'scatter', [[0.2 * box.width, 0.1 * box.height], [0.9 * box.width, 0.8 * box.height]].map((place) => place.map(Math.round)), { shift: true });
  await picked(app);
  const rows = await pickedRows(app, set);
  assert.ok(rows.length > 1000 && rows.every((row) => set.classes[row] !== 0), 'no hidden one is picked');
  await until('the link says so', () => app.permalink().get('hide') === '0');
  await app.page.reload();
  await app.ready();
  assert.equal(await app.get('class-0').getAttribute('aria-pressed'), 'false', 'still hidden after a reload');
  const still = await app.settled('scatter');
  await app.get('class-0').focus();
  await app.page.keyboard.press('Space');
  await app.redrawn('scatter', still);
  await until('the link no longer says so', () => !app.permalink().has('hide'));
  app.assertClean();
});
