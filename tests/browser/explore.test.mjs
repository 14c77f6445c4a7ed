// Open the page, look around, click, slide, share: what a visitor does first.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { built, launch, open, safetensors, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

test('the scatter of the shipped set appears, coloured by class, and says that it is simulated', async (t) => {
  const app = await open(t, browser);
  const scatter = await app.settled('scatter');
  assert.ok(scatter.coloured > 2000, `thousands of points are coloured, not ${scatter.coloured} of ${scatter.all} pixels`);
  const words = (await app.page.locator('body').innerText()).toLowerCase();
  for (const name of ['quiescent', 'emission', 'narrow-line', 'broad-line']) {
    assert.ok(words.includes(name), `the legend names the class "${name}"`);
  }
  assert.ok(words.includes('simulated'), 'the page says that its set is simulated');
  assert.match(await app.text('engine'), /cpu/i, 'what runs is shown');
  const spectrum = await app.pixels('spectrum');
  assert.ok(spectrum.coloured > 200, `a decoded spectrum is drawn, ${spectrum.coloured} coloured pixels`);
  assert.equal(await app.error(), '');
  app.assertClean();
});

test('it says at once what it is, at every width, before anything has run, until something was clicked', async (t) => {
  for (const width of [390, 1024, 1440, 2560]) {
    const app = await open(t, browser, { context: { viewport: { width, height: 900 } } });
    assert.ok(await app.get('tagline').isVisible());
    assert.match(await app.text('tagline'), /Each point is a galaxy.s spectrum\. Click one\./);
    await app.clickPoint(0.5);
    await until('it is gone', async () => !/Click one/.test(await app.text('tagline')));
    app.assertClean();
  }
  const still = await open(t, browser, { context: { javaScriptEnabled: false }, ready: false });
  assert.match(await still.page.locator('#shell').innerText(), /Spectrascape\s+Each point is a galaxy.s spectrum/);
  await still.screenshot('shell');
});

test('a click on a point shows its spectrum and puts its name and latents into the address bar', async (t) => {
  const app = await open(t, browser);
  const catalogue = safetensors(built('data/simulated/catalogue.safetensors'));
  const names = ['plate', 'mjd', 'fiber'].map(catalogue.tensor);
  const means = safetensors(built('models/vae6.latents.safetensors')).tensor('mean');
  for (const which of [0.5, 0.9, 0.1]) {
    const before = await app.settled('spectrum');
    const id = await app.selectPoint(which);
    await app.redrawn('spectrum', before);
    await until('the address bar names it', () => app.permalink().get('sel') === id, () => app.page.url());
    // Its latents, in the address bar and on the sliders, are the ones that the shipped file has for that name.
    const row = names[0].findIndex((plate, i) => [plate, names[1][i], names[2][i]].join('-') === id);
    assert.ok(row >= 0, `${id} is in the catalogue`);
    const mean = means.subarray(6 * row, 6 * row + 6);
    await until('the address bar holds its latents', () => app.latent().length === 6 && app.latent().every((value, i) => Math.abs(value - mean[i]) < 1e-3),
      () => `${app.latent()} in the address, ${mean} in the file`);
    (await app.sliderValues()).forEach((value, i) => assert.ok(Math.abs(value - mean[i]) < 1e-3, `slider ${i + 1} at ${value}, the latent is ${mean[i]}`));
    await until('chi2 is shown', async () => (await app.chi2()) > 0, () => app.describe());
  }
  app.assertClean();
});

test('sliders move through latent space, by keyboard and by mouse, and the spectrum follows', async (t) => {
  const app = await open(t, browser);
  for (const i of [1, 2, 3, 4, 5, 6]) {
    const before = await app.settled('spectrum');
    const value = Number(await app.slider(i).inputValue());
    await app.slider(i).focus();
    for (let press = 0; press < 10; press += 1) await app.page.keyboard.press('ArrowRight');
    assert.ok(Number(await app.slider(i).inputValue()) > value, `slider ${i} moved`);
    await app.redrawn('spectrum', before);
    const now = Number(await app.slider(i).inputValue());
    await until('the address bar follows', () => Math.abs((app.latent()[i - 1] ?? NaN) - now) < 0.02, () => `z=${app.latent()}, slider ${i} at ${now}`);
  }
  const before = await app.settled('spectrum');
  const box = await app.slider(1).boundingBox();
  await app.page.mouse.click(box.x + box.width * 0.15, box.y + box.height / 2);
  await app.redrawn('spectrum', before);
  app.assertClean();
});

test('axes and colours can be chosen', async (t) => {
  const app = await open(t, browser);
  for (const id of ['axis-x', 'axis-y', 'color-by']) {
    const before = await app.settled('scatter');
    const select = app.get(id).first();
    const values = await select.locator('option').evaluateAll((options) => options.map((option) => option.value));
    const now = await select.inputValue();
    const other = values.filter((value) => value !== now).at(-1);
    await select.selectOption(other);
    await app.redrawn('scatter', before);
    const kept = id === 'color-by' ? app.permalink().get('color') : app.permalink().get('axes');
    assert.ok(kept, `${id} is in the address bar`);
  }
  app.assertClean();
});

test('the shared link opens the same place elsewhere', async (t) => {
  const here = await open(t, browser);
  await here.get('axis-x').first().selectOption({ index: 2 });
  await here.get('axis-y').first().selectOption({ index: 4 });
  const id = await here.selectPoint(0.4);
  await here.slider(3).focus();
  for (let press = 0; press < 7; press += 1) await here.page.keyboard.press('ArrowLeft');
  await here.settled('spectrum');
  const link = await here.sharedLink();
  assert.match(link, /#.*v=1/);

  const there = await open(t, browser, { hash: new URL(link).hash, url: here.origin });
  await until('the same spectrum is selected', async () => (await there.selected()) === id, () => there.describe());
  await there.settled('spectrum');
  const [mine, theirs] = [await here.sliderValues(), await there.sliderValues()];
  theirs.forEach((value, i) => assert.ok(Math.abs(value - mine[i]) < 1e-3, `slider ${i + 1}: ${value} there, ${mine[i]} here`));
  for (const control of ['axis-x', 'axis-y', 'color-by']) {
    assert.equal(await there.get(control).first().inputValue(), await here.get(control).first().inputValue(), control);
  }
  for (const canvas of ['spectrum', 'scatter']) {
    // A link holds three decimals of each latent: a curve may move by a hair, and no more.
    const [a, b] = [await here.bytes(canvas), await there.bytes(canvas)];
    assert.equal(a.length, b.length, `${canvas}: the same size`);
    const different = a.filter((value, i) => Math.abs(value - b[i]) > 64).length / a.length;
    assert.ok(different < 0.002, `${canvas}: ${(100 * different).toFixed(2)} % of it differs`);
  }
  assert.equal(await there.error(), '');
  there.assertClean();
});

test('a link pasted over the address of an open page is gone to', async (t) => {
  const app = await open(t, browser);
  await app.page.goto(`${app.origin}/#v=1&z=1,0.5,-0.5,0.25,-1,0.75&axes=2,3`);
  await until('the sliders follow', async () => {
    const value = await app.slider(6).inputValue({ timeout: 1000 }).catch(() => NaN);
    return Math.abs(Number(value) - 0.75) < 1e-3;
  });
  await app.ready();
  assert.deepEqual(app.latent(), [1, 0.5, -0.5, 0.25, -1, 0.75]);
  app.assertClean();
});
