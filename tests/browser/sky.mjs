// The shipped set, read without the page's own code; and hands that drag, pinch and save.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { built, safetensors, sleep, until } from './harness.mjs';

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** The shipped set: names, classes, any column, and the latents of the model the page opens with. */
export function shipped() {
  const catalogue = safetensors(built('data/simulated/catalogue.safetensors'));
  const latents = safetensors(built('models/vae6.latents.safetensors'));
  const [plate, mjd, fiber] = ['plate', 'mjd', 'fiber'].map(catalogue.tensor);
  const names = Array.from(plate, (_, i) => `${plate[i]}-${mjd[i]}-${fiber[i]}`);
  const mean = latents.tensor('mean');
  const row = new Map(names.map((name, i) => [name, i]));
  return {
    names, mean, count: names.length,
    /** Chi-squared a pixel of every reconstruction. */
    chi2: latents.tensor('chi2'),
    manifest: JSON.parse(built('data/simulated/manifest.json')),
    column: catalogue.tensor,
    classes: catalogue.tensor('class'),
    row: (name) => row.get(name.split('-').map(Number).join('-')) ?? -1,
    /** Latent `l` (from 1) of every spectrum. */
    latent: (l) => Float32Array.from(names, (_, i) => mean[6 * i + l - 1]),
  };
}

/** What a plot says of itself to a screen reader. */
export const words = (app, id) => app.get(id).first().getAttribute('aria-label');

/** Drags along places of an element's own pixels. */
export async function drag(app, id, places, { shift = false } = {}) {
  const { page } = app;
  await app.get(id).first().scrollIntoViewIfNeeded();
  const box = await app.get(id).first().boundingBox();
  if (shift) await page.keyboard.down('Shift');
  await page.mouse.move(box.x + places[0][0], box.y + places[0][1]);
  await page.mouse.down();
  for (const [x, y] of places.slice(1)) await page.mouse.move(box.x + x, box.y + y, { steps: 4 });
  await page.mouse.up();
  if (shift) await page.keyboard.up('Shift');
}

/** Two fingers that go from one distance to another about a place of the element, by the browser's own touch events. */
export async function pinch(app, id, [x, y], from, to) {
  await app.get(id).first().scrollIntoViewIfNeeded();
  const box = await app.get(id).first().boundingBox();
  const client = await app.page.context().newCDPSession(app.page);
  const fingers = (apart) => [-1, 1].map((side, i) => ({ x: box.x + x + (side * apart) / 2, y: box.y + y, id: i }));
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(from) });
  for (let i = 1; i <= 8; i += 1) {
    await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(from + ((to - from) * i) / 8) });
    await sleep(30);
  }
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** One finger that goes from place to place of the window. */
export async function swipe(app, places) {
  const client = await app.page.context().newCDPSession(app.page);
  const touch = (type, points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  await touch('touchStart', [places[0]]);
  for (let leg = 1; leg < places.length; leg += 1) {
    const [[x0, y0], [x1, y1]] = places.slice(leg - 1);
    for (let i = 1; i <= 10; i += 1) {
      await touch('touchMove', [[x0 + ((x1 - x0) * i) / 10, y0 + ((y1 - y0) * i) / 10]]);
      await sleep(30);
    }
  }
  await touch('touchEnd', []);
}

/** The point that the hover card names: its name, and where the card stands. Nothing where no card is shown. */
export async function hovered(app) {
  const card = app.get('hover-card');
  if (!(await card.evaluate((element) => element.classList.contains('shown')))) return null;
  const [text, style] = await Promise.all([card.innerText(), card.evaluate((e) => [parseFloat(e.style.left), parseFloat(e.style.top)])]);
  const id = /(\d+)-(\d+)-(\d+)/.exec(text);
  return id && { id: id.slice(1).map(Number).join('-'), text, x: style[0], y: style[1] };
}

/**
 * How the scatter maps two columns to its pixels, found by hovering over points and nothing else: {x, y} with
 * pixel = a + b * value.
 */
export async function scale(app, set, x, y) {
  const box = await app.get('scatter').first().boundingBox();
  const seen = [];
  for (let i = 0; i < 60 && seen.length < 24; i += 1) {
    const place = [0.12 + 0.8 * ((i * 0.618) % 1), 0.15 + 0.65 * ((i * 0.414) % 1)];
    await app.page.mouse.move(box.x + place[0] * box.width, box.y + place[1] * box.height);
    await sleep(40);
    const card = await hovered(app);
    if (card) seen.push([set.row(card.id), card.x, card.y]);
  }
  assert.ok(seen.length >= 8, `${seen.length} points were named under the pointer`);
  const line = (values, at) => {
    const n = seen.length;
    const [v, p] = [seen.map(([row]) => values[row]), seen.map((found) => found[at])];
    const [mv, mp] = [v.reduce((a, b) => a + b) / n, p.reduce((a, b) => a + b) / n];
    const b = v.reduce((sum, value, i) => sum + (value - mv) * (p[i] - mp), 0) / v.reduce((sum, value) => sum + (value - mv) ** 2, 0);
    const worst = Math.max(...v.map((value, i) => Math.abs(mp + b * (value - mv) - p[i])));
    assert.ok(worst < 1.2, `the points lie where their numbers say, ${worst.toFixed(1)} pixels off at worst`);
    return (value) => mp + b * (value - mv);
  };
  return { x: line(x, 1), y: line(y, 2) };
}

/** Clicks what saves a file; returns its name and bytes. */
export async function saved(app, click) {
  const [download] = await Promise.all([app.page.waitForEvent('download'), click()]);
  const path = await download.path();
  return { name: download.suggestedFilename(), bytes: readFileSync(path) };
}

/** A plot's save menu: opens it and takes one of its files. */
export async function savedPlot(app, what, kind) {
  await app.get(`save-${what}`).first().click();
  return saved(app, () => app.get(`save-${what}-${kind}`).first().click());
}

/** A CSV with `#` comments: its comments, the names of its columns, and a map a row. */
export function csv(text) {
  const lines = String(text).split(/\r?\n/).filter(Boolean);
  const comments = lines.filter((line) => line.startsWith('#'));
  const [head, ...rows] = lines.filter((line) => !line.startsWith('#'));
  const names = head.split(',');
  return { comments, names, rows: rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell]))) };
}

/** Whether the browser reads a text as XML without complaint; its root's name. */
export const xmlRoot = (app, text) => app.page.evaluate((text) => {
  const parsed = new DOMParser().parseFromString(text, 'application/xml');
  const wrong = parsed.querySelector('parsererror');
  if (wrong) throw new Error(wrong.textContent);
  return parsed.documentElement.localName;
}, String(text));

/** Width and height in a PNG's own header. */
export function pngSize(bytes) {
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

/** Asserts that a picture has three pixels per CSS pixel of its plot, which stands between a title and a note. */
export async function assertPicture(app, bytes, testid) {
  const [width, height] = pngSize(bytes);
  const [across, down] = await app.get(testid).first().evaluate((canvas) => [canvas.clientWidth, canvas.clientHeight]);
  assert.equal(width, 3 * across, `${testid}: ${width} pixels wide, the plot is ${across}`);
  assert.ok(height >= 3 * down && height < 3 * (down + 200), `${testid}: ${height} pixels high, the plot is ${down}`);
}

/** How many spectra the page says are picked; 0 when none are. */
export async function pickedCount(app) {
  const count = app.get('picked-count');
  return (await count.count()) === 0 ? 0 : Number((await count.innerText()).replace(/\D/g, ''));
}

/** Waits until some spectra are picked; returns how many. */
export async function picked(app) {
  await until('spectra are picked', async () => (await pickedCount(app)) > 0, () => app.describe());
  return pickedCount(app);
}

/** The picked spectra by the page's own CSV: rows of the set. */
export async function pickedRows(app, set) {
  const table = csv((await saved(app, () => app.get('save-selection-csv').click())).bytes);
  return table.rows.map((row) => set.row(`${row.plate}-${row.mjd}-${row.fiber}`));
}
