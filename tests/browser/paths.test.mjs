// Paths through latent space: the paper's tracks, sweeps, lines drawn by hand; played, stepped through, shared.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, sleep, until } from './harness.mjs';
import { PHONE, drag, shipped } from './sky.mjs';

let browser;
let set;
before(async () => { browser = await launch(); set = shipped(); });
after(() => browser?.close());

const at = async (app) => Number(await app.get('path-at').inputValue());
const nodes = (app) => app.page.locator('[data-testid^="path-node-"]').count();

/** Plays on until the path's end. */
const played = (app) => until('it is played to its end', async () => (await app.get('path-play').getAttribute('aria-label')) === 'Play'
  && (await at(app)) >= Number(await app.get('path-at').getAttribute('max')) - 1e-3, () => app.describe());

/** Mean of a latent over rows, from the files. */
const meanLatents = (rows) => Array.from({ length: 6 }, (_, l) => rows.reduce((sum, row) => sum + set.mean[6 * row + l], 0) / rows.length);

test('the paper\'s four tracks are one click away, play, and show what they lead through', async (t) => {
  const app = await open(t, browser);
  for (const [name, places] of [['S', 5], ['E', 4], ['P', 5], ['A', 5]]) {
    const before = { spectrum: await app.settled('spectrum'), latent: await app.sliderValues() };
    await app.get(`track-${name}`).click();
    await until('its player is open', async () => (await app.get('player').count()) === 1);
    assert.equal(await app.get(`track-${name}`).getAttribute('aria-pressed'), 'true');
    assert.match(await app.text('player'), new RegExp(`Track ${name}`));
    await played(app);
    await app.redrawn('spectrum', before.spectrum);
    assert.notDeepEqual(await app.sliderValues(), before.latent, 'the sliders have followed');
    assert.equal(await nodes(app), places, `places of track ${name}`);
    await until('the link says so', () => app.permalink().get('track') === name, () => app.page.url());
  }
  await app.screenshot('track', { fullPage: true });
  app.assertClean();
});

test('a place on a track is the mean of the spectra that its label counts', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&track=S' });
  await until('its player is open', async () => (await app.get('player').count()) === 1);
  // Track S: quiescent and emission-line galaxies, all five bins together are all of them.
  const members = [];
  const centroids = [];
  for (let i = 1; i <= 5; i += 1) {
    await app.get(`path-node-${i}`).click();
    await until('one is there', async () => Math.abs((await at(app)) - (i - 1)) < 1e-3);
    members.push(Number(/%[^(]*\((\d+)\)/.exec(await app.text(`path-node-${i}`))[1].replace(/\D/g, '')));
    centroids.push(await app.sliderValues());
  }
  const rows = [...set.classes.keys()].filter((row) => set.classes[row] <= 1);
  assert.ok(Math.abs(members.reduce((a, b) => a + b) - rows.length) <= 1, `${members} are ${rows.length}`);
  const mean = meanLatents(rows);
  for (let l = 0; l < 6; l += 1) {
    const weighed = centroids.reduce((sum, place, i) => sum + place[l] * members[i], 0) / rows.length;
    assert.ok(Math.abs(weighed - mean[l]) < 0.01, `latent ${l + 1}: ${weighed}, the files have ${mean[l]}`);
  }
  app.assertClean();
});

test('a sweep an axis leads from its low to its high end', async (t) => {
  const app = await open(t, browser);
  for (let axis = 1; axis <= 6; axis += 1) {
    await app.get(`sweep-${axis}`).click();
    await until('it is open', async () => (await app.get(`sweep-${axis}`).getAttribute('aria-pressed')) === 'true');
    assert.equal(await nodes(app), 5, '1, 16, mean, 84 and 99 %');
    await app.get('path-node-3').click();
    const mean = meanLatents([...set.classes.keys()]);
    await until('the middle is the mean of all', async () => (await app.sliderValues()).every((value, i) => Math.abs(value - mean[i]) < 0.01),
      async () => `${await app.sliderValues()} for ${mean}`);
    await until('the link says so', () => app.permalink().get('track') === `sweep${axis}`);
  }
  app.assertClean();
});

test('play pauses and goes on; the slider goes anywhere on the path, by mouse and keyboard', async (t) => {
  const app = await open(t, browser);
  await app.get('track-P').click();
  await until('it plays', async () => (await app.get('path-play').getAttribute('aria-label')) === 'Pause' && (await at(app)) > 0.05);
  await app.get('path-play').click();
  await until('it pauses', async () => (await app.get('path-play').getAttribute('aria-label')) === 'Play');
  const rest = await at(app);
  await sleep(600);
  assert.equal(await at(app), rest, 'it stays where it was paused');
  await app.get('path-at').focus();
  await app.page.keyboard.press('End');
  await until('the end is reached', async () => (await at(app)) === 4);
  await app.page.keyboard.press('Home');
  await until('the start is reached', async () => (await at(app)) === 0);
  const before = await app.settled('spectrum');
  const box = await app.get('path-at').boundingBox();
  await app.page.mouse.click(box.x + 0.6 * box.width, box.y + box.height / 2);
  await app.redrawn('spectrum', before);
  assert.ok(Math.abs((await at(app)) - 2.4) < 0.2, `${await at(app)}`);
  assert.match(await app.get('path-at').getAttribute('aria-valuetext'), /%/, 'its place in words');
  await app.get('path-play').focus();
  await app.page.keyboard.press('Space');
  await played(app);
  await app.page.getByRole('button', { name: 'Close the path' }).click();
  await until('it is closed', async () => (await app.get('player').count()) === 0);
  await until('the link no longer says so', () => !app.permalink().has('track'));
  app.assertClean();
});

test('a link holds the track and one\'s place on it, and reopens both', async (t) => {
  const app = await open(t, browser);
  await app.get('track-A').click();
  await until('it is open', async () => (await app.get('player').count()) === 1);
  await app.get('path-node-3').click();
  await until('the link says so', () => app.permalink().get('track') === 'A');
  const place = await app.sliderValues();
  await until('and where one is', () => app.latent().length === 6 && app.latent().every((value, i) => Math.abs(value - place[i]) < 1e-3));
  await app.page.reload();
  await app.ready();
  await until('the track is open', async () => (await app.get('track-A').getAttribute('aria-pressed')) === 'true', () => app.describe());
  (await app.sliderValues()).forEach((value, i) => assert.ok(Math.abs(value - place[i]) < 2e-3, `slider ${i + 1}`));
  await until('the place on it, too', async () => Math.abs((await at(app)) - 2) < 0.02, () => at(app));
  assert.deepEqual(await app.errors(), []);
  app.assertClean();
});

test('a line drawn over the points is a path that plays', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&axes=l1,l2' });
  await app.settled('scatter');
  const box = await app.get('scatter').boundingBox();
  await app.get('mode-path').click();
  const before = await app.settled('spectrum');
  await drag(app, 'scatter', [[0.3, 0.65], [0.45, 0.5], [0.6, 0.6], [0.75, 0.4]].map(([x, y]) => [Math.round(x * box.width), Math.round(y * box.height)]));
  await until('it is open', async () => (await app.get('player').count()) === 1, () => app.describe());
  assert.match(await app.text('player'), /drawn by hand/i);
  await app.redrawn('spectrum', before);
  await app.get('path-at').focus();
  await app.page.keyboard.press('Home');
  const start = (await app.sliderValues()).slice(0, 2);
  await app.page.keyboard.press('End');
  await until('the end is another place', async () => Math.abs((await app.sliderValues())[0] - start[0]) > 0.3);
  await app.get('path-play').click();
  await played(app);
  await app.screenshot('drawn-path');
  app.assertClean();
});

test('a place far from every training spectrum is called extrapolating, an ordinary one is not', async (t) => {
  const app = await open(t, browser);
  assert.equal(await app.text('extrapolating'), '');
  for (const i of [2, 4]) {
    await app.slider(i).focus();
    await app.page.keyboard.press('End');
  }
  await until('it warns', async () => /extrapolating/i.test(await app.text('extrapolating')), () => app.describe());
  await app.screenshot('extrapolating');
  await app.page.getByRole('button', { name: /own latents/ }).click();
  await until('it warns no longer', async () => (await app.text('extrapolating')) === '');
  app.assertClean();
});

test('where little motion is wanted a path goes from place to place, not through all between', async (t) => {
  const app = await open(t, browser, { context: { reducedMotion: 'reduce' } });
  await app.page.evaluate(() => {
    const slider = () => document.querySelector('[data-testid="path-at"]');
    window.seen = new Set();
    setInterval(() => slider() && window.seen.add(Number(slider().value)), 20);
  });
  await app.get('track-S').click();
  await until('it is open', async () => (await app.get('player').count()) === 1);
  await played(app);
  const seen = await app.page.evaluate(() => [...window.seen].sort());
  assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  app.assertClean();
});

test('on a phone a track is tapped and played', async (t) => {
  const app = await open(t, browser, { context: PHONE });
  const before = await app.settled('spectrum');
  await app.get('track-E').tap();
  await until('it is open', async () => (await app.get('player').count()) === 1);
  await played(app);
  await app.redrawn('spectrum', before);
  await app.get('path-node-2').tap();
  await until('one is there', async () => Math.abs((await at(app)) - 1) < 1e-3);
  const width = await app.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${width} pixels wide`);
  await app.get('player').scrollIntoViewIfNeeded();
  await app.screenshot('390x844-track');
  app.assertClean();
});
