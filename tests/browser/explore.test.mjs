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

test('a click on a point shows its spectrum and puts its name and latents into the address bar', async (t) => {
  const app = await open(t, browser);
  const before = await app.settled('spectrum');
  await app.clickPoint(0.5);
  await until('a spectrum is selected', async () => /\d+-\d+-\d+/.test(await app.text('selected-id')), () => app.describe());
  await app.redrawn('spectrum', before);
  const id = /(\d+)-(\d+)-(\d+)/.exec(await app.text('selected-id')).slice(1).map(Number);
  await until('the address bar names it', () => app.permalink().has('sel'));
  assert.deepEqual(app.permalink().get('sel').split('-').map(Number), id);

  // The latents in the address bar are the ones that the shipped file gives that spectrum.
  await until('the address bar holds its latents', () => app.latent().length === 6);
  const catalogue = safetensors(built('data/simulated/catalogue.safetensors'));
  const [plate, mjd, fiber] = ['plate', 'mjd', 'fiber'].map(catalogue.tensor);
  const row = plate.findIndex((p, i) => p === id[0] && mjd[i] === id[1] && fiber[i] === id[2]);
  assert.ok(row >= 0, `${id.join('-')} is in the catalogue`);
  const mean = safetensors(built('models/vae6.latents.safetensors')).tensor('mean').subarray(6 * row, 6 * row + 6);
  app.latent().forEach((value, i) => assert.ok(Math.abs(value - mean[i]) < 0.02, `latent ${i + 1}: ${value} in the address, ${mean[i]} in the file`));
  const sliders = await app.sliderValues();
  sliders.forEach((value, i) => assert.ok(Math.abs(value - mean[i]) < 0.06, `slider ${i + 1} stands at ${value}, the latent is ${mean[i]}`));

  // Another point: another spectrum.
  const second = await app.settled('spectrum');
  await app.clickPoint(0.9);
  await until('another one is selected', async () => !(await app.text('selected-id')).includes(id.join('-')), () => app.describe());
  await app.redrawn('spectrum', second);
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
  await here.clickPoint(0.4);
  await until('a spectrum is selected', async () => /\d+-\d+-\d+/.test(await here.text('selected-id')));
  await here.slider(3).focus();
  for (let press = 0; press < 7; press += 1) await here.page.keyboard.press('ArrowLeft');
  await here.settled('spectrum');
  const link = await here.sharedLink();
  assert.match(link, /#.*v=1/);

  const there = await open(t, browser, { hash: new URL(link).hash, url: here.origin });
  await until('the same spectrum is selected', async () => (await there.text('selected-id')) === (await here.text('selected-id')), () => there.describe());
  await there.settled('spectrum');
  assert.deepEqual(await there.sliderValues(), await here.sliderValues(), 'sliders');
  for (const id of ['axis-x', 'axis-y', 'color-by']) {
    assert.equal(await there.get(id).first().inputValue(), await here.get(id).first().inputValue(), id);
  }
  await here.page.mouse.move(0, 0);
  assert.equal((await there.settled('spectrum')).hash, (await here.settled('spectrum')).hash, 'the same spectrum, pixel by pixel');
  assert.equal(await there.error(), '');
  there.assertClean();
});

test('a new place in the address bar of an open page is gone to', async (t) => {
  const app = await open(t, browser);
  const before = await app.settled('spectrum');
  await app.page.evaluate(() => { location.hash = '#v=1&z=1,0.5,-0.5,0.25,-1,0.75&axes=2,3'; });
  await app.redrawn('spectrum', before);
  await until('the sliders follow', async () => Math.abs(Number(await app.slider(6).inputValue()) - 0.75) < 0.03);
  app.assertClean();
});
