// The scatter: what it can show, and how one moves in it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, until } from './harness.mjs';
import { PHONE, drag, hovered, picked, pinch, scale, shipped, swipe, words } from './sky.mjs';

let browser;
let set;
before(async () => { browser = await launch(); set = shipped(); });
after(() => browser?.close());

const RAW = '#v=1&axes=l1,l2';

test('the axes are VAE axes, raw latents, UMAP, or any column, and say so in words and in the link', async (t) => {
  const app = await open(t, browser);
  let before = await app.settled('scatter');
  for (const [x, y, name] of [['5', '3', 'VAE 5 and VAE 3'], ['l2', 'l6', 'Latent 2 and Latent 6'], ['u1', 'u2', 'UMAP 1 and UMAP 2'],
    ['c:redshift', 'c:median_snr', 'Redshift and Median S/N per pixel'], ['c:truth_age', '1', 'age of the starlight (light-weighted) / Gyr and VAE 1']]) {
    await app.get('axis-x').selectOption(x);
    await app.get('axis-y').selectOption(y);
    before = await app.redrawn('scatter', before);
    await until(`the plot says ${name}`, async () => (await words(app, 'scatter')).includes(`${set.count} spectra along ${name}`), () => words(app, 'scatter'));
    await until('the link says so', () => app.permalink().get('axes') === `${x},${y}`, () => app.page.url());
    before = await app.settled('scatter');
  }
  app.assertClean();
});

test('every column of the catalogue can be an axis and a colour', async (t) => {
  const app = await open(t, browser);
  const values = (id) => app.get(id).locator('option').evaluateAll((options) => options.map((option) => option.value));
  const [axes, colors] = [await values('axis-x'), await values('color-by')];
  for (const { name } of set.manifest.columns.filter(({ name }) => !['plate', 'mjd', 'fiber', 'class'].includes(name))) {
    assert.ok(axes.includes(`c:${name}`), `${name} is among the axes`);
    assert.ok(colors.includes(name), `${name} is among the colours`);
  }
  for (const axis of ['1', '6', 'l1', 'l6', 'u1', 'u2']) assert.ok(axes.includes(axis), axis);
  app.assertClean();
});

test('the colours are class, a column, a truth of the simulation, or the outlier factor', async (t) => {
  const app = await open(t, browser);
  let before = await app.settled('scatter');
  for (const [color, name] of [['redshift', 'Redshift'], ['truth_dust', 'Colour excess of the stars'], ['truth_sfh', 'Kind of star-formation history'],
    ['lof', 'Local outlier factor'], ['class', '']]) {
    await app.get('color-by').selectOption(color);
    before = await app.redrawn('scatter', before);
    await until('the link says so', () => app.permalink().get('color') === color, () => app.page.url());
    await until(`the legend is titled ${name}`, async () => (await app.page.locator('.legend').innerText()).includes(name));
    before = await app.settled('scatter');
    assert.ok(before.coloured > 1000, `points are coloured by ${color}: ${before.coloured} pixels`);
  }
  app.assertClean();
});

test('the colours are on a scale that is linear, logarithmic or by rank, which the link keeps; what it cuts off is counted', async (t) => {
  const app = await open(t, browser);
  await app.get('color-by').selectOption('truth_halpha_ew');
  await until('the scale can be chosen', async () => (await app.get('color-scale').count()) === 1, () => app.describe());
  assert.match(await app.get('color-scale').locator('option:checked').innerText(), /^automatic: (logarithmic|by rank)$/, 'nearly all would be of one colour');
  const [values, missing] = [[...set.column('truth_halpha_ew')].filter(Number.isFinite), set.count];
  let before = await app.settled('scatter');
  await app.get('color-scale').selectOption('linear');
  before = await app.redrawn('scatter', before);
  await until('the link says so', () => app.permalink().get('scale') === 'linear', () => app.page.url());
  // 1 % at either end, by sorting the column.
  const note = await app.text('color-note');
  const [, below = '0', above] = /(?:([\d,]+) below [^·]*· )?([\d,]+) above/.exec(note) ?? [];
  t.diagnostic(note);
  for (const beyond of [below, above]) assert.ok(Number(beyond.replace(',', '')) <= 0.011 * values.length, note);
  assert.ok(Number(above) >= 0.009 * values.length, note);
  if (missing > values.length) assert.ok(note.includes(`${(missing - values.length).toLocaleString('en')} without a value`), note);
  await app.get('color-scale').selectOption('rank');
  before = await app.redrawn('scatter', before);
  await until('the link says so', () => app.permalink().get('scale') === 'rank', () => app.page.url());
  const ticks = await app.page.locator('.bar-ticks span').allInnerTexts();
  const sorted = Float32Array.from(values).sort();
  assert.ok(Math.abs(Number(ticks[2]) - sorted[sorted.length >> 1]) < 0.02 * sorted[sorted.length >> 1], `${ticks}: the median in the middle, ${sorted[sorted.length >> 1]}`);
  const other = await open(t, browser, { hash: new URL(app.page.url()).hash, url: app.origin });
  await until('the link opens the same', async () => (await other.get('color-scale').inputValue()) === 'rank', () => other.describe());
  await app.get('color-by').selectOption('redshift');
  await until('another column has a scale of its own', () => app.permalink().get('scale') === null && app.permalink().get('color') === 'redshift');
  app.assertClean();
  other.assertClean();
});

test('one click with Alt, or a double click, shows a class alone, and again all of them', async (t) => {
  const app = await open(t, browser);
  const shown = () => app.page.locator('.classes button[aria-pressed="true"][data-testid^="class-"]').count();
  const all = await shown();
  const button = app.page.locator('.classes button[data-testid^="class-"]').nth(1);
  for (const act of [() => button.click({ modifiers: ['Alt'] }), () => button.dblclick()]) {
    await act();
    await until('it is alone', async () => (await shown()) === 1 && (await button.getAttribute('aria-pressed')) === 'true');
    await act();
    await until('all are shown', async () => (await shown()) === all);
  }
  app.assertClean();
});

test('drag pans, wheel zooms, a double click and 0 show all again, and so do the buttons', async (t) => {
  const app = await open(t, browser);
  const { page } = app;
  await page.mouse.move(5, 5);
  const whole = await app.settled('scatter');
  const all = page.getByRole('button', { name: 'Show all' });
  assert.ok(await all.isDisabled(), 'nothing to reset yet');
  await drag(app, 'scatter', [[300, 300], [380, 260]]);
  const panned = await app.redrawn('scatter', whole);
  await app.get('scatter').dblclick({ position: { x: 560, y: 60 } });
  await until('all is shown again', () => all.isDisabled());
  const box = await app.get('scatter').boundingBox();
  await page.mouse.move(box.x + 200, box.y + 330);
  const still = await app.settled('scatter');
  await page.mouse.wheel(0, -400);
  const near = await app.redrawn('scatter', still);
  assert.notEqual(near.hash, panned.hash);
  await app.get('scatter').focus();
  await page.keyboard.press('0');
  await until('all is shown again', () => all.isDisabled());
  for (const [button, key] of [['Zoom in', '+'], ['Zoom out', '-']]) {
    const before = await app.settled('scatter');
    await page.getByRole('button', { name: button }).click();
    const once = await app.redrawn('scatter', before);
    await app.get('scatter').focus();
    await page.keyboard.press(key);
    await app.redrawn('scatter', once);
    await all.click();
    await until('all is shown again', () => all.isDisabled());
  }
  app.assertClean();
});

test('the wheel scrolls the page until the map has the focus; Ctrl zooms, and a frame never takes the wheel', async (t) => {
  const app = await open(t, browser);
  const { page } = app;
  const scrolled = () => page.evaluate(() => scrollY);
  const over = async () => {
    await page.evaluate(() => scrollTo(0, 0));
    const box = await app.get('scatter').boundingBox();
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
    return app.settled('scatter');
  };
  const still = await over();
  await page.mouse.wheel(0, 300);
  await until('the page is scrolled', async () => (await scrolled()) > 100);
  assert.match(await app.text('wheel-hint'), /Ctrl/, 'it says how to zoom');
  assert.equal((await over()).coloured, still.coloured);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  const near = await app.redrawn('scatter', still);
  assert.equal(await scrolled(), 0);
  await app.get('scatter').focus();
  await over();
  await page.mouse.wheel(0, -200);
  await app.redrawn('scatter', near);
  assert.equal(await scrolled(), 0, 'with the focus the wheel zooms');

  const framed = await open(t, browser, { hash: '#v=1&embed=1', url: app.origin });
  await framed.get('scatter').focus();
  const box = await framed.get('scatter').boundingBox();
  await framed.page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
  await framed.page.mouse.wheel(0, 300);
  await until('the page is scrolled', () => framed.page.evaluate(() => scrollY > 100));
  app.assertClean();
});

test('on a phone two fingers zoom, a tap selects, and one finger scrolls the page', async (t) => {
  const app = await open(t, browser, { context: PHONE });
  const before = await app.settled('scatter');
  await pinch(app, 'scatter', [180, 170], 60, 200);
  const near = await app.redrawn('scatter', before);
  await pinch(app, 'scatter', [180, 170], 200, 60);
  await app.redrawn('scatter', near);
  await app.page.getByRole('button', { name: 'Show all' }).tap();
  await until('all is shown again', () => app.page.getByRole('button', { name: 'Show all' }).isDisabled());
  const selected = await app.selected();
  await app.get('scatter').scrollIntoViewIfNeeded();
  let box = await app.get('scatter').boundingBox();
  const still = await app.settled('scatter');
  const from = await app.page.evaluate(() => scrollY);
  await swipe(app, [[180, box.y + 200], [180, box.y]]);
  await until('the page is scrolled', async () => (await app.page.evaluate(() => scrollY)) > from + 50);
  assert.equal((await app.settled('scatter')).hash, still.hash, 'the map stays as it is');
  await app.get('scatter').scrollIntoViewIfNeeded();
  box = await app.get('scatter').boundingBox();
  for (const [x, y] of [[0.3, 0.6], [0.5, 0.65], [0.2, 0.55]]) {
    await app.page.touchscreen.tap(box.x + x * box.width, box.y + y * box.height);
    await app.settled('spectrum');
  }
  assert.notEqual(await app.selected(), selected, 'a tap has selected another spectrum');
  await app.get('mode-rectangle').tap();
  box = await app.get('scatter').boundingBox();
  await swipe(app, [[box.x + 100, box.y + 150], [box.x + 200, box.y + 260]]);
  await picked(app);
  app.assertClean();
});

test('the card beside the pointer names the point under it, with its numbers', async (t) => {
  const app = await open(t, browser, { hash: RAW });
  await app.settled('scatter');
  const place = await scale(app, set, set.latent(1), set.latent(2));
  const box = await app.get('scatter').boundingBox();
  await app.page.mouse.move(box.x + 0.3 * box.width, box.y + 0.5 * box.height);
  for (const [fx, fy] of [[0.35, 0.5], [0.5, 0.45], [0.6, 0.55], [0.45, 0.6], [0.4, 0.4], [0.55, 0.5]]) {
    const at = [Math.round(fx * box.width), Math.round(fy * box.height)];
    await app.page.mouse.move(box.x + at[0], box.y + at[1]);
    await app.settled('scatter');
    const card = await hovered(app);
    const apart = [...Array(set.count).keys()].map((row) => Math.hypot(place.x(set.mean[6 * row]) - at[0], place.y(set.mean[6 * row + 1]) - at[1]));
    const nearest = Math.min(...apart);
    if (!card) {
      assert.ok(nearest > 10, `a point ${nearest} pixels away has its card`);
      continue;
    }
    const row = set.row(card.id);
    assert.ok(apart[row] < nearest + 2, `the nearest point, ${nearest} pixels away, not one at ${apart[row]}`);
    assert.ok(card.text.includes(set.manifest.class_names[set.classes[row]]), `its class: ${card.text}`);
    assert.ok(card.text.includes(set.column('redshift')[row].toFixed(3).replace('-', '−')), `its redshift: ${card.text}`);
  }
  app.assertClean();
});

test('stars among the galaxies are marked on request', async (t) => {
  const app = await open(t, browser);
  const before = await app.settled('scatter');
  await app.get('toggle-stars').click();
  const marked = await app.redrawn('scatter', before);
  assert.equal(await app.get('toggle-stars').getAttribute('aria-pressed'), 'true');
  await app.get('toggle-stars').click();
  const again = await app.redrawn('scatter', marked);
  assert.ok(Math.abs(again.coloured - before.coloured) <= 60, 'as before');
  app.assertClean();
});

test('the keyboard walks from point to point in the arrow\'s direction, and Enter selects', async (t) => {
  const app = await open(t, browser, { hash: RAW });
  await app.settled('scatter');
  await app.get('scatter').focus();
  const [x, y] = [set.latent(1), set.latent(2)];
  let at = set.row(await app.selected());
  for (const [key, along] of [['ArrowRight', (row) => x[row]], ['ArrowUp', (row) => y[row]], ['ArrowLeft', (row) => -x[row]], ['ArrowDown', (row) => -y[row]]]) {
    for (let step = 0; step < 3; step += 1) {
      await app.page.keyboard.press(key);
      await until(`${key} moves on`, async () => ![at, undefined].includes(set.row((await hovered(app))?.id ?? '-1')));
      const next = set.row((await hovered(app)).id);
      assert.ok(along(next) >= along(at), `${key} from ${set.names[at]} to ${set.names[next]}`);
      at = next;
    }
  }
  assert.equal(await app.get('hover-card').getAttribute('aria-live'), 'polite', 'the card is read out');
  await app.page.keyboard.press('Enter');
  await until('it is selected', async () => (await app.selected()) === set.names[at], () => app.describe());
  // Space picks it, the next one too, and lets it go again.
  const count = async () => ((await app.get('picked-count').count()) ? app.text('picked-count') : '0');
  await app.page.keyboard.press('Space');
  await until('one is picked', async () => (await count()) === '1');
  await app.page.keyboard.press('ArrowRight');
  await until('the next one is named', async () => set.row((await hovered(app))?.id ?? '-1') !== at);
  await app.page.keyboard.press('Space');
  await until('two are picked', async () => (await count()) === '2');
  await app.page.keyboard.press('Space');
  await until('one is left', async () => (await count()) === '1');
  app.assertClean();
});

test('a link reloads to the same map', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&axes=u1,u2&color=truth_age&hide=4,5' });
  await app.settled('scatter');
  await app.page.reload();
  await app.ready();
  assert.equal(await app.get('axis-x').inputValue(), 'u1');
  assert.equal(await app.get('axis-y').inputValue(), 'u2');
  assert.equal(await app.get('color-by').inputValue(), 'truth_age');
  assert.match(await words(app, 'scatter'), /along UMAP 1 and UMAP 2, coloured by age of the starlight/);
  for (const code of [4, 5]) assert.equal(await app.get(`class-${code}`).getAttribute('aria-pressed'), 'false');
  assert.equal(app.permalink().get('hide'), '4,5');
  app.assertClean();
});
