// What lies around a spectrum, what is odd in the set, and what was picked: the lists beside the plots.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, until } from './harness.mjs';
import { PHONE, csv, drag, picked, saved, shipped } from './sky.mjs';

let browser;
let set;
before(async () => { browser = await launch(); set = shipped(); });
after(() => browser?.close());

/** The entries of a list: the spectrum's row in the set, and the number of its note. */
async function entries(app, id) {
  const texts = await app.get(id).locator('button.row').evaluateAll((rows) => rows.map((row) => [row.querySelector('.row-name').textContent, row.querySelector('.row-note').textContent]));
  return texts.map(([name, note]) => ({ row: set.row(name), number: Number(/[\d.]+/.exec(note)?.[0]) }));
}

/** The nearest rows to a place `[6]`, by looking at all; with their distances. */
function nearest(place, except, count) {
  const apart = (row) => Math.sqrt(place.reduce((sum, value, i) => sum + (set.mean[6 * row + i] - value) ** 2, 0));
  return [...set.classes.keys()].filter((row) => row !== except).map((row) => ({ row, distance: apart(row) })).sort((a, b) => a.distance - b.distance).slice(0, count);
}

test('the neighbours of a spectrum are its ten nearest in latent space', async (t) => {
  const app = await open(t, browser);
  const id = await app.selectPoint(0.65);
  await app.get('tab-neighbours').click();
  await until('ten are listed', async () => (await entries(app, 'neighbours')).length === 10);
  const own = set.row(id);
  const expected = nearest([...set.mean.subarray(6 * own, 6 * own + 6)], own, 10);
  const found = await entries(app, 'neighbours');
  found.forEach((entry, i) => assert.ok(Math.abs(entry.number - expected[i].distance) < 1e-3, `neighbour ${i + 1} at ${entry.number}, ${expected[i].distance} in the file`));
  assert.deepEqual(new Set(found.map((entry) => entry.row)), new Set(expected.map((entry) => entry.row)));

  await app.get('neighbours').locator('button.row').nth(3).click();
  await until('a click goes there', async () => set.row(await app.selected()) === found[3].row);
  const there = nearest([...set.mean.subarray(6 * found[3].row, 6 * found[3].row + 6)], found[3].row, 10);
  await until('the list is its own', async () => (await entries(app, 'neighbours'))[0]?.row === there[0].row);
  app.assertClean();
});

test('the neighbours follow the sliders', async (t) => {
  const app = await open(t, browser);
  await app.get('tab-neighbours').click();
  await until('ten are listed', async () => (await entries(app, 'neighbours')).length === 10);
  await app.slider(2).focus();
  for (let press = 0; press < 20; press += 1) await app.page.keyboard.press('ArrowRight');
  const place = await app.sliderValues();
  const expected = nearest(place, -1, 10);
  await until('they are those of the place', async () => (await entries(app, 'neighbours')).every((entry, i) => Math.abs(entry.number - expected[i].distance) < 2e-3),
    async () => JSON.stringify([await entries(app, 'neighbours'), expected]));
  assert.match(await app.page.locator('#panel-body').innerText(), /where the sliders are/);
  app.assertClean();
});

test('the outliers are ranked, with reasons and thumbnails, and a click selects one', async (t) => {
  const app = await open(t, browser);
  await app.get('tab-outliers').click();
  await until('twenty are listed', async () => (await entries(app, 'outliers')).length === 20, () => app.describe());
  const found = await entries(app, 'outliers');
  assert.ok(found.every((entry, i) => entry.row >= 0 && entry.number > 1.2 && (i === 0 || entry.number <= found[i - 1].number)), 'the oddest comes first');
  const list = app.get('outliers');
  await until('each has its reason', async () => !/looking for a reason/.test(await list.innerText()), () => list.innerText());
  const reasons = await list.locator('p').allInnerTexts();
  assert.equal(reasons.length, 20);
  assert.ok(reasons.every((text) => text.trim().length > 8), `${reasons}`);
  assert.ok(reasons.filter((text) => !/no plain reason/.test(text)).length >= 5, 'a plain reason is found for some');
  const drawn = await list.locator('svg path').evaluateAll((paths) => paths.filter((path) => (path.getAttribute('d') ?? '').length > 100).length);
  assert.equal(drawn, 20, 'each has its thumbnail');

  const before = await app.settled('spectrum');
  await list.locator('button.row').nth(1).click();
  await until('it is selected', async () => set.row(await app.selected()) === found[1].row);
  await app.redrawn('spectrum', before);
  assert.equal(await list.locator('button.row').nth(1).getAttribute('aria-current'), 'true');
  // The one below, by keyboard.
  await app.page.keyboard.press('Tab');
  await app.page.keyboard.press('Enter');
  await until('the next is selected', async () => set.row(await app.selected()) === found[2].row);
  await app.screenshot('outliers', { fullPage: true });
  app.assertClean();
});

test('the outliers are ranked by improbable latents or by misfit too, and more than twenty are listed', async (t) => {
  const app = await open(t, browser);
  await app.get('tab-outliers').click();
  const choose = async (by, note) => {
    await app.get('outliers-by').selectOption(by);
    await until(`twenty are listed by ${by}`, async () => (await entries(app, 'outliers')).length === 20 && note.test(await app.get('outliers').locator('.row-note').first().innerText()), () => app.describe());
    return entries(app, 'outliers');
  };
  // By the column in the model's latents file.
  const worst = [...set.chi2.keys()].sort((a, b) => set.chi2[b] - set.chi2[a] || a - b);
  const misfits = await choose('chi2', /^χ² /);
  assert.deepEqual(misfits.map((entry) => entry.row), worst.slice(0, 20));
  misfits.forEach((entry) => assert.ok(Math.abs(entry.number - set.chi2[entry.row]) < 0.06, `${entry.number}, ${set.chi2[entry.row]} in the file`));
  await app.get('outliers-more').click();
  await until('twenty more are listed', async () => (await entries(app, 'outliers')).length === 40, () => app.describe());
  assert.deepEqual((await entries(app, 'outliers')).map((entry) => entry.row), worst.slice(0, 40));

  // By definition: 6 times the logarithm of the distance to the 20th neighbour, over its median.
  const distance = twentieth();
  const middle = Float64Array.from(distance).sort()[distance.length >> 1];
  const rarity = Array.from(distance, (value) => 6 * Math.log(value / middle));
  const rarest = [...rarity.keys()].sort((a, b) => rarity[b] - rarity[a] || a - b);
  const rare = await choose('rarity', /^improbability /);
  rare.forEach((entry, i) => assert.ok(Math.abs(entry.number - rarity[rarest[i]]) < 0.06, `place ${i + 1}: ${entry.number}, by definition ${rarity[rarest[i]]}`));
  assert.ok(rare.filter((entry) => rarest.slice(0, 20).includes(entry.row)).length >= 19);

  const factors = await choose('factor', /^factor /);
  assert.ok(factors.every((entry, i) => i === 0 || entry.number <= factors[i - 1].number));
  assert.notDeepEqual(factors.map((entry) => entry.row), rare.map((entry) => entry.row));
  app.assertClean();
});

/** The distance of every spectrum to its 20th neighbour, by looking at all. */
function twentieth() {
  return Float64Array.from(set.classes, (_, row) => {
    const near = new Float64Array(21).fill(Infinity);
    for (let other = 0; other < set.count; other += 1) {
      let sum = 0;
      for (let i = 0; i < 6 && sum < near[20]; i += 1) sum += (set.mean[6 * other + i] - set.mean[6 * row + i]) ** 2;
      if (sum >= near[20]) continue;
      let at = 20;
      for (; at > 0 && near[at - 1] > sum; at -= 1) near[at] = near[at - 1];
      near[at] = sum;
    }
    // The first is the spectrum itself.
    return Math.sqrt(near[20]);
  });
}

test('the outlier factors are those of the definition', async (t) => {
  const app = await open(t, browser);
  await app.get('tab-outliers').click();
  await until('twenty are listed', async () => (await entries(app, 'outliers')).length === 20, () => app.describe());
  const place = (row) => [...set.mean.subarray(6 * row, 6 * row + 6)];
  const near = new Map();
  const around = (row) => near.get(row) ?? near.set(row, nearest(place(row), row, 20)).get(row);
  // Breunig et al. (2000): reachability distance, local reachability density, and their ratio.
  const density = (row) => 20 / around(row).reduce((sum, other) => sum + Math.max(other.distance, around(other.row)[19].distance), 0);
  const factor = (row) => around(row).reduce((sum, other) => sum + density(other.row), 0) / 20 / density(row);
  for (const entry of (await entries(app, 'outliers')).slice(0, 2)) {
    const expected = factor(entry.row);
    assert.ok(Math.abs(entry.number - expected) < 0.011 * Math.max(1, expected), `${set.names[entry.row]}: ${entry.number}, by definition ${expected}`);
  }
  app.assertClean();
});

test('arrow keys go through the outliers, and the spectrum stays in sight', async (t) => {
  const app = await open(t, browser);
  await app.get('tab-outliers').click();
  await until('twenty are listed', async () => (await entries(app, 'outliers')).length === 20, () => app.describe());
  const rows = (await entries(app, 'outliers')).map((entry) => entry.row);
  const first = app.get('outliers').locator('button.row').first();
  await first.scrollIntoViewIfNeeded();
  await first.click();
  for (const next of rows.slice(1, 5)) {
    await app.page.keyboard.press('ArrowDown');
    await until('the next one is selected', async () => set.row(await app.selected()) === next, () => app.describe());
  }
  await app.page.keyboard.press('ArrowUp');
  await until('the one before is selected', async () => set.row(await app.selected()) === rows[3]);
  const [plot, row] = [await app.get('spectrum').boundingBox(), await app.page.locator('button.row:focus').boundingBox()];
  assert.ok(plot.y >= 0 && plot.y + plot.height <= row.y && row.y + row.height <= 900, `the plot at ${JSON.stringify(plot)}, the row at ${JSON.stringify(row)}`);
  await app.screenshot('outliers-in-sight');
  app.assertClean();
});

test('on a phone a tap on the map raises the spectrum in short', async (t) => {
  const app = await open(t, browser, { context: PHONE });
  assert.equal(await app.get('peek').count(), 0);
  await app.selectPoint(0.6);
  const id = await app.selected();
  await app.page.evaluate(() => scrollTo(0, 0));
  await until('it is raised', async () => (await app.get('peek').count()) === 1 && (await app.get('peek').innerText()).includes(id), () => app.describe());
  await app.screenshot('390x844-peek');
  await app.get('peek').getByRole('button', { name: 'Show the spectrum' }).tap();
  await until('the plot is in sight, and the short form gone', async () => (await app.get('peek').count()) === 0);
  app.assertClean();
});

test('the picked spectra are counted by class and saved as CSV and VOTable, row by row the same', async (t) => {
  const app = await open(t, browser);
  await app.get('tab-picked').click();
  assert.match(await app.page.locator('#panel-body').innerText(), /hold Shift and drag/, 'it says how to pick');
  const box = await app.get('scatter').boundingBox();
  await drag(app, 'scatter', [[0.35 * box.width, 0.45 * box.height], [0.5 * box.width, 0.7 * box.height]].map((place) => place.map(Math.round)), { shift: true });
  const count = await picked(app);
  const file = await saved(app, () => app.get('save-selection-csv').click());
  assert.match(file.name, /\.csv$/);
  const table = csv(file.bytes);
  assert.equal(table.rows.length, count);
  assert.ok(table.comments.some((line) => /simulated/i.test(line)), 'it says that they are simulated');
  const rows = table.rows.map((row) => set.row(`${row.plate}-${row.mjd}-${row.fiber}`));
  table.rows.forEach((line, i) => {
    assert.ok(rows[i] >= 0);
    for (const name of ['redshift', 'median_snr', 'truth_age']) {
      const [value, written] = [set.column(name)[rows[i]], Number(line[name])];
      assert.ok(Object.is(written, value) || Number.isNaN(value) === Number.isNaN(written) && !(Math.abs(written - value) > 1e-5 * Math.max(1, Math.abs(value))), `${name}: ${written}, ${value}`);
    }
    assert.ok(Math.abs(Number(line.latent_1) - set.mean[6 * rows[i]]) < 1e-3, 'its latents');
  });
  const text = await app.page.locator('#panel-body .classes').innerText();
  for (const [code, name] of set.manifest.class_names.entries()) {
    const of = rows.filter((row) => set.classes[row] === code).length;
    if (of > 0) assert.ok(new RegExp(`${name}\\s+${String(of).replace(/(\d)(?=(\d{3})+$)/g, '$1\\s')}`).test(text), `${of} of ${name}: ${text}`);
  }

  const vot = await saved(app, () => app.get('save-selection-votable').click());
  assert.match(vot.name, /\.(vot|xml)$/);
  const names = await app.page.evaluate((text) => {
    const xml = new DOMParser().parseFromString(text, 'application/xml');
    if (xml.querySelector('parsererror')) throw new Error(xml.querySelector('parsererror').textContent);
    const fields = [...xml.querySelectorAll('FIELD')].map((field) => field.getAttribute('name'));
    const at = ['plate', 'mjd', 'fiber'].map((name) => fields.indexOf(name));
    return [...xml.querySelectorAll('TR')].map((row) => at.map((i) => row.querySelectorAll('TD')[i].textContent.trim()).join('-'));
  }, String(vot.bytes));
  assert.deepEqual(names.map(set.row), rows);
  await app.get('unpick').click();
  await until('nothing is picked', async () => (await app.get('picked-count').count()) === 0);
  app.assertClean();
});

test('the tabs are walked by the arrow keys, and each says what it is', async (t) => {
  const app = await open(t, browser);
  await app.get('tab-about').focus();
  const order = ['neighbours', 'outliers', 'picked', 'own', 'make', 'noise', 'pca', 'draws', 'about'];
  for (const key of order) {
    await app.page.keyboard.press('ArrowRight');
    await until(`tab ${key} is chosen`, async () => (await app.get(`tab-${key}`).getAttribute('aria-selected')) === 'true');
    assert.equal(await app.page.evaluate(() => document.activeElement.id), `tab-${key}`);
    assert.equal(await app.page.locator('#panel-body').getAttribute('aria-labelledby'), `tab-${key}`);
    assert.ok((await app.page.locator('#panel-body').innerText()).trim().length > 20, `tab ${key} is not empty`);
  }
  await app.page.keyboard.press('ArrowLeft');
  await until('back to the last', async () => (await app.get('tab-draws').getAttribute('aria-selected')) === 'true');
  await app.page.keyboard.press('Home');
  await until('Home goes to the first', async () => (await app.get('tab-about').getAttribute('aria-selected')) === 'true');
  await app.page.keyboard.press('End');
  await until('End goes to the last', async () => (await app.get('tab-draws').getAttribute('aria-selected')) === 'true');
  app.assertClean();
});

test('on a phone every tab can be reached and fits', async (t) => {
  const app = await open(t, browser, { context: PHONE });
  for (const key of ['neighbours', 'outliers', 'picked', 'own', 'make', 'noise', 'pca', 'draws', 'about']) {
    await app.get(`tab-${key}`).tap();
    await until(`tab ${key} is chosen`, async () => (await app.get(`tab-${key}`).getAttribute('aria-selected')) === 'true');
    const width = await app.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `tab ${key}: the page is ${width} pixels wide`);
    await app.get(`tab-${key}`).scrollIntoViewIfNeeded();
    await app.screenshot(`390x844-tab-${key}`);
  }
  app.assertClean();
});
