// The spectrum panel: regions, zoom, pins, mean and spread, truths, and what it saves.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { built, launch, open, safetensors, until } from './harness.mjs';
import { PHONE, assertPicture, csv, drag, picked, savedPlot, shipped, words, xmlRoot } from './sky.mjs';

let browser;
let set;
before(async () => { browser = await launch(); set = shipped(); });
after(() => browser?.close());

/** First and last wavelength that the plot says it shows. */
async function shownRange(app) {
  const said = /from (\d+) to (\d+) Ångström/.exec(await words(app, 'spectrum'));
  assert.ok(said, `the plot says what it shows: ${await words(app, 'spectrum')}`);
  return said.slice(1).map(Number);
}

/** Lines, in vacuum, that each region is about. */
const REGIONS = { cahk: [3934.78, 3969.59], hbeta: [4862.68, 4960.3, 5008.24], mgb: [5176.6], nad: [5891.6, 5897.6], halpha: [6549.86, 6564.61, 6585.27, 6718.29, 6732.67] };

/** Flux and ivar of a spectrum in its shard. */
function pixelsOf(row) {
  let first = 0;
  for (const shard of set.manifest.shards) {
    if (row < first + shard.count) {
      const file = safetensors(built(`data/simulated/${shard.name}`));
      const at = 1000 * (row - first);
      return ['flux', 'ivar'].map((name) => file.tensor(name).subarray(at, at + 1000));
    }
    first += shard.count;
  }
  return assert.fail(`no shard holds row ${row}`);
}

test('the regions of the paper\'s lines are one click away, and kept in the link', async (t) => {
  const app = await open(t, browser);
  let before = await app.settled('spectrum');
  for (const [key, lines] of Object.entries(REGIONS)) {
    await app.get(`region-${key}`).click();
    before = await app.redrawn('spectrum', before);
    const [from, to] = await shownRange(app);
    assert.ok(lines.every((line) => from < line && line < to), `${key}: ${from} to ${to} holds ${lines}`);
    assert.ok(to - from < 400, `${key} is a close look: ${from} to ${to}`);
    assert.equal(await app.get(`region-${key}`).getAttribute('aria-pressed'), 'true');
    await until('the link says so', () => app.permalink().get('region') === key, () => app.page.url());
    before = await app.settled('spectrum');
  }
  await app.page.reload();
  await app.ready();
  assert.equal(await app.get('region-halpha').getAttribute('aria-pressed'), 'true', 'the link reopens it');
  await app.get('region-all').click();
  await until('all is shown', async () => (await shownRange(app)).join() === '3388,8310');
  await until('the link no longer says so', () => !app.permalink().has('region'));
  app.assertClean();
});

test('a drag zooms to its wavelengths, a double click shows all, and the keyboard does both', async (t) => {
  const app = await open(t, browser);
  const box = await app.get('spectrum').boundingBox();
  // The frame: labels to the left, a little room to the right.
  const at = (fraction) => 52 + fraction * (box.width - 62);
  await drag(app, 'spectrum', [[at(0.3), 120], [at(0.5), 120]]);
  await until('part of it is shown', async () => (await shownRange(app))[0] > 3400);
  const grid = [3388.44, 8310.17];
  const [from, to] = await shownRange(app);
  const expected = [0.3, 0.5].map((fraction) => grid[0] + fraction * (grid[1] - grid[0]));
  assert.ok(Math.abs(from - expected[0]) < 40 && Math.abs(to - expected[1]) < 40, `${from} to ${to}, dragged over ${expected}`);
  await app.get('spectrum').dblclick({ position: { x: at(0.5), y: 120 } });
  await until('all is shown', async () => (await shownRange(app)).join() === '3388,8310');

  await app.get('spectrum').focus();
  await app.page.keyboard.press('+');
  await until('the keyboard zooms', async () => (await shownRange(app))[0] > 4000);
  const near = await shownRange(app);
  await app.page.keyboard.press('ArrowRight');
  await until('and moves', async () => (await shownRange(app))[0] > near[0]);
  await app.page.keyboard.press('ArrowLeft');
  await app.page.keyboard.press('-');
  await app.page.keyboard.press('0');
  await until('all is shown', async () => (await shownRange(app)).join() === '3388,8310');
  app.assertClean();
});

test('the pointer reads wavelength, nearest line, flux and residual off the plot', async (t) => {
  const app = await open(t, browser);
  const box = await app.get('spectrum').boundingBox();
  await app.page.mouse.move(box.x + 0.4 * box.width, box.y + 100);
  // The observed pixels come after the decoded ones: a reading has both once they are there.
  const reading = () => app.page.locator('.reading').innerText();
  await until('a reading is shown', async () => /\d{4}\.\d Å.*(masked|observed)/.test(await reading()), reading);
  assert.match(await reading(), /Å · \S+.* [+−] \d+ Å · /, 'the nearest line and how far it is');
  const line = await app.page.locator('.crosshair').boundingBox();
  assert.ok(Math.abs(line.x - box.x - 0.4 * box.width) < 3 && line.height > 150, `the line is under the pointer: ${JSON.stringify(line)}`);
  await app.page.mouse.move(box.x + 0.4 * box.width, box.y - 60);
  await until('it goes with the pointer', async () => !(await app.page.locator('.crosshair').isVisible()));
  app.assertClean();
});

test('observed and decoded are hidden and shown by their names in the legend, and observed flux is smoothed', async (t) => {
  const app = await open(t, browser);
  await until('its pixels are there', async () => (await app.chi2()) > 0);
  const whole = await app.settled('spectrum');
  for (const curve of ['curve-observed', 'curve-decoded']) {
    assert.equal(await app.get(curve).getAttribute('aria-pressed'), 'true');
    await app.get(curve).focus();
    await app.page.keyboard.press('Enter');
    const without = await app.redrawn('spectrum', whole);
    assert.equal(await app.get(curve).getAttribute('aria-pressed'), 'false');
    assert.equal(await app.page.evaluate(() => document.activeElement.dataset.testid), curve, 'the focus stays');
    await app.page.keyboard.press('Enter');
    await app.redrawn('spectrum', without);
    assert.equal((await app.settled('spectrum')).hash, whole.hash, `${curve}: as before`);
  }
  await app.get('smoothing').selectOption('9');
  await app.redrawn('spectrum', whole);
  await until('the link says so', () => app.permalink().get('smooth') === '9', () => app.page.url());
  assert.match(await words(app, 'spectrum'), /averaged over 9 pixels/);
  app.assertClean();
});

test('away from its own latents the panel says where it was decoded, and holds nothing against the galaxy', async (t) => {
  const app = await open(t, browser);
  await until('its pixels are there', async () => (await app.chi2()) > 0);
  const heading = () => app.page.locator('#light-title').innerText();
  const id = await app.selected();
  assert.ok((await heading()).includes(id));
  await app.get('track-E').click();
  await until('it says so', async () => /^Decoded along track E/.test(await heading()), heading);
  assert.equal(await app.get('chi2').count(), 0);
  assert.ok(!(await heading()).includes(id) && !(await words(app, 'spectrum')).includes('residual'));
  assert.equal(await app.get('curve-observed').getAttribute('aria-pressed'), 'false');
  assert.ok((await app.text('curve-observed')).includes(id), 'the legend says whose flux could be shown');
  await app.get('path-node-2').click();
  const without = await app.settled('spectrum');
  await app.get('curve-observed').click();
  await app.redrawn('spectrum', without);
  await app.slider(1).focus();
  await app.page.keyboard.press('ArrowRight');
  await until('a slider has left the track', async () => /^Decoded at the sliders/.test(await heading()), heading);
  await app.page.getByRole('button', { name: 'Back to its own latents' }).click();
  await until('it is its own again', async () => (await heading()).includes(id) && (await app.chi2()) > 0, heading);
  app.assertClean();
});

test('on a phone a finger reads the plot, and the reading stays', async (t) => {
  const app = await open(t, browser, { context: PHONE });
  await app.settled('spectrum');
  await app.get('spectrum').scrollIntoViewIfNeeded();
  const box = await app.get('spectrum').boundingBox();
  await app.page.touchscreen.tap(box.x + 0.5 * box.width, box.y + 80);
  await until('a reading is shown', async () => /\d{4}\.\d Å/.test(await app.page.locator('.reading').innerText()));
  const reading = await app.page.locator('.reading').boundingBox();
  assert.ok(reading.x >= 0 && reading.x + reading.width <= 390, `it fits: ${JSON.stringify(reading)}`);
  app.assertClean();
});

test('the panel says that wavelengths are vacuum, in the rest frame, and what each stroke is', async (t) => {
  const app = await open(t, browser);
  assert.match(await words(app, 'spectrum'), /rest-frame vacuum wavelength/);
  // What was not observed has no entry.
  await until('band and pixels are there', async () => /1σ[^]*masked/.test(await app.page.locator('.strokes').innerText()));
  const strokes = await app.page.locator('.strokes').innerText();
  for (const name of ['observed', 'decoded', '1σ', 'masked']) assert.ok(strokes.includes(name), `${name}: ${strokes}`);
  const svg = String((await savedPlot(app, 'spectrum', 'svg')).bytes);
  for (const name of ['vacuum', 'Å', 'residual', 'Hα', '[O II]', 'Na D', 'Mg', 'Ca K']) assert.ok(svg.includes(name), `${name} stands on the plot`);
  app.assertClean();
});

test('spectra are pinned for comparison, go their straight way to another, and are let go', async (t) => {
  const app = await open(t, browser);
  const first = await app.selected();
  let before = await app.settled('spectrum');
  await app.get('pin').click();
  await until('it is pinned', async () => (await app.get('pinned').count()) === 1);
  const second = await app.selectPoint(0.8);
  before = await app.redrawn('spectrum', before);
  await app.get('pin').focus();
  await app.page.keyboard.press('Enter');
  await until('two are pinned', async () => (await app.get('pinned').count()) === 2);
  const names = await app.get('pinned').allInnerTexts();
  assert.ok(names[0].includes(first) && names[1].includes(second), `${names}`);
  assert.match(await words(app, 'spectrum'), /2 pinned for comparison/);
  await app.screenshot('pinned');

  await app.get('path-from-pin').first().click();
  await until('the way is open', async () => (await app.get('player').count()) === 1);
  const title = await app.text('player');
  assert.ok(title.includes(first) && title.includes(second), title);
  const start = set.mean.subarray(6 * set.row(first), 6 * set.row(first) + 6);
  await app.get('path-node-1').click();
  await until('it starts at the pinned one', async () => (await app.sliderValues()).every((value, i) => Math.abs(value - start[i]) < 2e-3));

  await app.page.getByRole('button', { name: /^Let .* go$/ }).first().click();
  await until('one is left', async () => (await app.get('pinned').count()) === 1);
  app.assertClean();
});

test('at most four are pinned, and the button says why', async (t) => {
  const app = await open(t, browser);
  for (const [i, which] of [0.1, 0.3, 0.6, 0.9].entries()) {
    await app.selectPoint(which);
    await until('its pixels are there', async () => (await app.chi2()) > 0);
    await app.settled('spectrum');
    await app.get('pin').click();
    await until('it is pinned', async () => (await app.get('pinned').count()) === i + 1);
  }
  assert.ok(await app.get('pin').isDisabled());
  assert.match(await app.get('pin').getAttribute('title'), /Four spectra are pinned/);
  app.assertClean();
});

test('a pick shows as mean and spread', async (t) => {
  const app = await open(t, browser);
  const before = await app.settled('spectrum');
  const box = await app.get('scatter').boundingBox();
  await drag(app, 'scatter', [[0.3 * box.width, 0.5 * box.height], [0.45 * box.width, 0.7 * box.height]].map((place) => place.map(Math.round)), { shift: true });
  const count = await picked(app);
  await app.redrawn('spectrum', before);
  await until('all of the sample is there', async () => /mean and spread/i.test(await app.text('spread-note')), () => app.text('spread-note'));
  if (count > 64) assert.match(await app.text('spread-note'), /of \d+ of them/);
  assert.match(await app.page.locator('.strokes').innerText(), /mean/i);
  app.assertClean();
});

test('the truths of a simulated spectrum are those of its catalogue', async (t) => {
  const app = await open(t, browser);
  const id = await app.selectPoint(0.7);
  const row = set.row(id);
  await until('its truths are listed', async () => (await app.get('truths').count()) === 1);
  const facts = Object.fromEntries(await app.get('truths').locator('div').evaluateAll((rows) => rows.map((row) => [row.querySelector('dt').textContent, row.querySelector('dd').textContent])));
  let compared = 0;
  for (const { name, label } of set.manifest.columns.filter(({ name, truth }) => truth && !/sfh|oddity/.test(name))) {
    const value = set.column(name)[row];
    // As people write it.
    const written = label.replace('Z_sun', 'Z☉').replace('E(B-V)', 'E(B−V)').replace('5100 A', '5100 Å').replace('H-alpha', 'Hα').replace(' - ', ' − ');
    const shown = facts[written[0].toUpperCase() + written.slice(1)];
    if (!Number.isFinite(value)) {
      assert.equal(shown, undefined, `${label} has no value`);
      continue;
    }
    const number = parseFloat(shown.replace('−', '-'));
    assert.ok(Math.abs(number - value) <= 0.006 * Math.max(1, Math.abs(value)) + (Math.abs(value) > 10 ? 0.5 : 0.005), `${label}: ${shown}, the catalogue has ${value}`);
    compared += 1;
  }
  assert.ok(compared >= 10, `${compared} truths compared`);
  app.assertClean();
});

test('the spectrum is saved as numbers that agree with the shard, as a picture and as a drawing', async (t) => {
  const app = await open(t, browser);
  const id = await app.selectPoint(0.6);
  await until('its pixels are there', async () => (await app.chi2()) > 0);
  await app.settled('spectrum');
  const shown = await app.chi2();
  const file = await savedPlot(app, 'spectrum', 'csv');
  assert.match(file.name, /\.csv$/);
  const table = csv(file.bytes);
  assert.ok(table.comments.some((line) => /simulated/i.test(line)), 'it says that it is simulated');
  assert.ok(table.comments.some((line) => line.includes(id)), 'it names the spectrum');
  assert.equal(table.rows.length, 1000);
  const [flux, ivar] = pixelsOf(set.row(id));
  let [chi2, good] = [0, 0];
  table.rows.forEach((row, i) => {
    assert.ok(Math.abs(Number(row.wavelength_vacuum_angstrom) - 10 ** (3.53 + 0.00039 * i)) < 1e-3, `wavelength of pixel ${i}`);
    assert.equal(row.mask === '1', !(ivar[i] > 0), `mask of pixel ${i}`);
    assert.ok(Math.abs(Number(row.flux) - flux[i]) <= 1e-4 * Math.max(1, Math.abs(flux[i])), `flux of pixel ${i}: ${row.flux}, ${flux[i]}`);
    assert.ok(Math.abs(Number(row.ivar) - ivar[i]) <= 1e-3 * Math.max(1, ivar[i]), `ivar of pixel ${i}: ${row.ivar}, ${ivar[i]}`);
    if (ivar[i] > 0) {
      chi2 += (flux[i] - Number(row.decoded)) ** 2 * ivar[i];
      good += 1;
    }
  });
  assert.ok(Math.abs(chi2 / good - shown) < 0.011, `chi2 from the table ${chi2 / good}, on the page ${shown}`);

  const png = await savedPlot(app, 'spectrum', 'png');
  await assertPicture(app, png.bytes, 'spectrum');
  assert.ok(png.name.includes(id), `the file's name holds the spectrum's: ${png.name}`);
  const svg = await savedPlot(app, 'spectrum', 'svg');
  assert.equal(await xmlRoot(app, svg.bytes), 'svg');
  assert.ok(String(svg.bytes).includes(id) && /SIMULATED/.test(svg.bytes), 'the drawing names the spectrum, and says that it is simulated');
  assert.equal(await app.page.locator('details[open]').count(), 0, 'the menu closes after it');
  app.assertClean();
});

test('the scatter is saved as a picture and as a drawing with both axes', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&axes=c:redshift,l3&color=truth_age' });
  await app.settled('scatter');
  const png = await savedPlot(app, 'scatter', 'png');
  await assertPicture(app, png.bytes, 'scatter');
  const svg = await savedPlot(app, 'scatter', 'svg');
  assert.equal(await xmlRoot(app, svg.bytes), 'svg');
  for (const label of ['Redshift', 'Latent 3', 'SIMULATED', 'Age of the starlight']) assert.ok(String(svg.bytes).includes(label), `${label} is written on it`);
  app.assertClean();
});

test('on a phone the regions are tapped, and the plot fits', async (t) => {
  const app = await open(t, browser, { context: PHONE });
  const before = await app.settled('spectrum');
  await app.get('region-nad').tap();
  await app.redrawn('spectrum', before);
  const box = await app.get('spectrum').boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390);
  await app.screenshot('390x844-nad', { fullPage: true });
  app.assertClean();
});
