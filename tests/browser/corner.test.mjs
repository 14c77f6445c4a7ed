// All pairs of latents at once: linked to the scatter and to the spectrum panel.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, until } from './harness.mjs';
import { PHONE, assertPicture, drag, picked, pickedCount, pickedRows, savedPlot, shipped, words, xmlRoot } from './sky.mjs';

let browser;
let set;
before(async () => { browser = await launch(); set = shipped(); });
after(() => browser?.close());

/** The middle of the panel of two axes (counted from 1, column then row) among six, as a share of the canvas. */
async function panel(app, column, row) {
  await app.get('corner').first().scrollIntoViewIfNeeded();
  const box = await app.get('corner').first().boundingBox();
  // Labels stand to the left and below; the panels share the rest evenly.
  const [left, below] = [46, 40];
  const [width, height] = [(box.width - left) / 6, (box.height - below) / 6];
  return { x: left + (column - 0.5) * width, y: (row - 0.5) * height, width, height };
}

/** Whether anything is drawn in the middle of a panel. */
const inkIn = (app, place) => app.get('corner').first().evaluate((canvas, { x, y, width, height }) => {
  const ratio = canvas.width / canvas.getBoundingClientRect().width;
  const { data } = canvas.getContext('2d').getImageData((x - 0.45 * width) * ratio, (y - 0.45 * height) * ratio, 0.9 * width * ratio, 0.9 * height * ratio);
  let coloured = 0;
  for (let i = 0; i < data.length; i += 4) coloured += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 40 ? 1 : 0;
  return coloured;
}, place);

test('all fifteen panels are drawn, and described in words', async (t) => {
  const app = await open(t, browser);
  await app.settled('corner');
  for (let row = 2; row <= 6; row += 1) {
    for (let column = 1; column < row; column += 1) {
      assert.ok((await inkIn(app, await panel(app, column, row))) > 20, `VAE ${column} and VAE ${row}`);
    }
  }
  assert.match(await words(app, 'corner'), /every pair of 6 latents/);
  const before = await app.settled('corner');
  await app.get('corner-axes').selectOption('raw');
  await app.redrawn('corner', before);
  app.assertClean();
});

test('a drag in one panel picks, and the pick lights up in scatter, corner and spectrum', async (t) => {
  const app = await open(t, browser);
  await app.get('corner-axes').selectOption('raw');
  const before = { scatter: await app.settled('scatter'), corner: await app.settled('corner'), spectrum: await app.settled('spectrum') };
  const { x, y, width, height } = await panel(app, 2, 4);
  await drag(app, 'corner', [[x - 0.2 * width, y - 0.2 * height], [x + 0.2 * width, y + 0.2 * height]]);
  const count = await picked(app);
  for (const plot of ['scatter', 'corner', 'spectrum']) await app.redrawn(plot, before[plot]);
  assert.match(await words(app, 'corner'), new RegExp(`${count} spectra are picked`));
  assert.match(await words(app, 'scatter'), new RegExp(`${count} are picked`));

  // The picked are a box along latents 2 and 4: whatever else lies in the box is picked, too.
  const rows = new Set(await pickedRows(app, set));
  assert.equal(rows.size, count);
  const [a, b] = [set.latent(2), set.latent(4)];
  const span = (values) => [Math.min(...[...rows].map((row) => values[row])), Math.max(...[...rows].map((row) => values[row]))];
  const [[a0, a1], [b0, b1]] = [span(a), span(b)];
  const inBox = [...Array(set.count).keys()].filter((row) => a[row] >= a0 && a[row] <= a1 && b[row] >= b0 && b[row] <= b1);
  assert.deepEqual(inBox.filter((row) => !rows.has(row)), [], 'no other spectrum lies among them');

  await until('mean and spread are those of the pick', async () => !/Fetching/.test(await app.text('spread-note')), () => app.text('spread-note'));
  await app.screenshot('corner-picked', { fullPage: true });
  await app.get('unpick').click();
  await until('nothing is picked', async () => (await pickedCount(app)) === 0);
  app.assertClean();
});

test('a click on a panel opens its pair in the scatter, raw or along principal axes', async (t) => {
  const app = await open(t, browser);
  for (const [kind, column, row, x, y] of [['vae', 3, 5, '3', '5'], ['raw', 1, 6, 'l1', 'l6']]) {
    const before = await app.settled('scatter');
    await app.get('corner-axes').selectOption(kind);
    const place = await panel(app, column, row);
    await app.get('corner').click({ position: { x: place.x, y: place.y } });
    await app.redrawn('scatter', before);
    assert.equal(await app.get('axis-x').inputValue(), x);
    assert.equal(await app.get('axis-y').inputValue(), y);
    await until('the link says so', () => app.permalink().get('axes') === `${x},${y}`);
  }
  app.assertClean();
});

test('the keyboard goes from panel to panel and opens one', async (t) => {
  const app = await open(t, browser);
  await app.settled('corner');
  await app.get('corner').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await app.page.keyboard.press(key);
  const said = /Panel of VAE (\d) and VAE (\d)/.exec(await words(app, 'corner'));
  assert.ok(said, `the panel is named: ${await words(app, 'corner')}`);
  assert.deepEqual(said.slice(1), ['3', '5']);
  await app.page.keyboard.press('Enter');
  await until('the scatter shows it', async () => (await app.get('axis-x').inputValue()) === '3' && (await app.get('axis-y').inputValue()) === '5');
  app.assertClean();
});

test('on a phone a tap on a panel opens its pair', async (t) => {
  const app = await open(t, browser, { context: PHONE });
  await app.settled('corner');
  const place = await panel(app, 2, 6);
  const box = await app.get('corner').boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390, 'the plot fits the phone');
  await app.page.touchscreen.tap(box.x + place.x, box.y + place.y);
  await until('the scatter shows it', async () => (await app.get('axis-x').inputValue()) === '2' && (await app.get('axis-y').inputValue()) === '6');
  app.assertClean();
});

test('the corner plot is saved as a picture and as a drawing', async (t) => {
  const app = await open(t, browser);
  await app.settled('corner');
  const png = await savedPlot(app, 'corner', 'png');
  await assertPicture(app, png.bytes, 'corner');
  const svg = await savedPlot(app, 'corner', 'svg');
  assert.equal(await xmlRoot(app, svg.bytes), 'svg');
  for (const label of ['VAE 1', 'VAE 6', 'SIMULATED', set.manifest.class_names[1]]) assert.ok(String(svg.bytes).includes(label), `${label} is written on it`);
  app.assertClean();
});
