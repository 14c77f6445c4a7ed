// Spectra of one's own: many files at once, tables of numbers, a redshift by trial, a galaxy to order, noise.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { cell, count, file, galaxies, row, table } from './galaxies.mjs';
import { data, launch, needsRealSpectra, open, until } from './harness.mjs';
import { PHONE, assertPicture, savedPlot, scale, shipped, xmlRoot } from './sky.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

// What each file's own header says (read with astropy): file, name in SDSS, redshift.
const GALAXIES = [
  ['dr7/spSpec-52235-0750-459.fit', '750-52235-459', 0.02],
  ['dr8/spec-0266-51602-0013.fits', '266-51602-13', null],
  ['dr8/spec-1678-53433-0425.fits', '1678-53433-425', null],
];

/** A chart is saved as a picture of its size, and as a drawing with its label. */
async function assertSaved(app, what, testid, label) {
  await assertPicture(app, (await savedPlot(app, what, 'png')).bytes, testid);
  const svg = (await savedPlot(app, what, 'svg')).bytes;
  assert.equal(await xmlRoot(app, svg), 'svg');
  assert.ok(String(svg).includes(label), `${label} is written on it`);
}

test('many files at once land in the list, each with redshift, chi2, class and surroundings', async (t) => {
  if (!needsRealSpectra(t)) return;
  const app = await open(t, browser);
  await app.get('open-file').setInputFiles(GALAXIES.map(([name]) => file(basename(name), readFileSync(join(data, name)))));
  await until('all are listed', async () => (await count(app)) === GALAXIES.length, () => app.describe());
  assert.equal(await app.get('tab-own').getAttribute('aria-selected'), 'true', 'the list comes to the front');
  const texts = await app.get('own-spectra').locator('tbody').allInnerTexts();
  for (const [, id, redshift] of GALAXIES) {
    const at = texts.findIndex((found) => found.includes(id));
    assert.ok(at >= 0, `${id} is listed: ${texts}`);
    assert.match(await cell(app, at, 'redshift'), /^0\.\d{4}\s+the file/);
    assert.match(await cell(app, at, 'chi2'), /^\d+\.\d\d/);
    assert.match(await cell(app, at, 'around'), /\d+ of 15/);
    if (redshift) assert.ok(Math.abs(parseFloat(await cell(app, at, 'redshift')) - redshift) < 0.001, texts[at]);
  }
  await until('each is judged', async () => /\d\.\d\d/.test(await cell(app, 2, 'factor')) && !(await cell(app, 2, 'reason')).includes('…'), () => app.describe());
  await app.get('own-sort-chi2').click();
  const misfits = await Promise.all(GALAXIES.map((_, i) => cell(app, i, 'chi2').then(parseFloat)));
  assert.deepEqual(misfits, [...misfits].sort((a, b) => a - b), 'sorted by chi-squared');
  assert.equal(await app.page.locator('th[aria-sort="ascending"]').count(), 1);
  await app.get('own-sort-chi2').click();
  await app.get('own-sort-chi2').click();
  await row(app, 0).locator('button.row').click();
  await until('a click shows it', async () => (await app.selected()) === (/(\d+)-(\d+)-(\d+)/.exec(texts[0]).slice(1).map(Number).join('-')));
  await app.get('tab-about').click();
  assert.match(await app.text('class-by-surroundings'), /\d+ of 15 neighbours/);
  await app.screenshot('own-files', { fullPage: true });
  await app.get('tab-own').click();
  await row(app, 0).getByRole('button', { name: /off the list/ }).click();
  await until('it is off the list', async () => (await count(app)) === GALAXIES.length - 1);
  app.assertClean();
});

test('latents are those of the encoder, as those of the set, and fitted ones are one choice away', async (t) => {
  const app = await open(t, browser);
  await app.get('open-file').setInputFiles([file('mine.csv', table(0.1, { comment: '# redshift = 0.1' }))]);
  await until('it is listed', async () => (await count(app)) === 1, () => app.describe());
  const chi2 = async () => Number(/χ² ([\d.]+)/.exec(await row(app, 0).innerText())[1]);
  assert.match(await row(app, 0).innerText(), /latents of the encoder alone/);
  const [plain, latents] = [await chi2(), await app.sliderValues()];
  await app.get('own-encoding').selectOption('fitted');
  await until('it is encoded again', async () => /latents fitted/.test(await row(app, 0).innerText()), () => app.describe());
  assert.ok((await chi2()) < plain, `${await chi2()} fitted, ${plain} by the encoder`);
  assert.ok((await app.sliderValues()).some((value, i) => value !== latents[i]), 'the sliders are at the other latents');
  await until('a link says so', async () => app.page.url().includes('encoding=fitted'));
  await app.get('own-encoding').selectOption('plain');
  await until('it is encoded alone again', async () => (await chi2()) === plain, () => app.describe());
  await until('the link says nothing of it', async () => !app.page.url().includes('encoding='));
  app.assertClean();
});

test('a real galaxy\'s redshift is found by trial, near the one in its file', async (t) => {
  if (!needsRealSpectra(t)) return;
  const app = await open(t, browser);
  const [name] = GALAXIES[0];
  await app.openFile(basename(name), readFileSync(join(data, name)));
  await until('it is listed', async () => (await count(app)) === 1, () => app.describe());
  const own = Number(/redshift (0\.\d+)/.exec(await row(app, 0).innerText())[1]);
  await app.get('scan-redshift').click();
  await until('the curve is there', async () => (await app.get('scan-curve').count()) === 1, () => app.describe());
  const result = await app.text('scan-result');
  const best = Number(/Best at (0\.\d+)/.exec(result)?.[1]);
  t.diagnostic(`${own} in the file; ${result}`);
  assert.ok(Math.abs(best - own) < 0.002, result);
  const curve = await app.settled('scan-curve');
  assert.ok(curve.coloured > 100, 'the curve is drawn');
  assert.match(await app.get('scan-curve').getAttribute('aria-label'), /Best at/);
  await app.screenshot('scan', { fullPage: true });
  await assertSaved(app, 'scan', 'scan-curve', 'trial redshift');
  app.assertClean();
});

test('a table of numbers with a redshift is placed as it is', async (t) => {
  const app = await open(t, browser);
  const before = { spectrum: await app.settled('spectrum'), scatter: await app.settled('scatter') };
  await app.drop('mine.csv', Buffer.from(table(0.1, { comment: '# redshift = 0.1' })));
  await until('it is listed', async () => (await count(app)) === 1, () => app.describe());
  assert.equal(await app.get('ask-redshift').count(), 0, 'no redshift is asked for');
  const text = await row(app, 0).innerText();
  assert.match(text, /mine\.csv/);
  assert.match(text, /redshift 0\.1000/);
  for (const plot of ['spectrum', 'scatter']) await app.redrawn(plot, before[plot]);
  await app.get('tab-about').click();
  assert.match(await app.page.locator('#panel-body').innerText(), /emission-line|narrow-line/);
  app.assertClean();
});

test('a spectrum of one\'s own lies on top of the scatter, where its latents are, and a click selects it again', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&axes=l1,l2' });
  await app.settled('scatter');
  const set = shipped();
  const place = await scale(app, set, set.latent(1), set.latent(2));
  await app.openFile('mine.csv', Buffer.from(table(0.1, { comment: '# redshift = 0.1' })));
  await until('it is shown', async () => /mine\.csv/.test(await app.text('selected-id')), () => app.describe());
  const latent = await app.sliderValues();
  await app.selectPoint(0.9);
  await until('another is shown', async () => !/mine\.csv/.test(await app.text('selected-id')));
  await app.get('scatter').click({ position: { x: place.x(latent[0]), y: place.y(latent[1]) } });
  await until('it is shown again', async () => /mine\.csv/.test(await app.text('selected-id')), () => app.describe());
  app.assertClean();
});

test('a table that says no redshift gets one by trial, labelled so; another can be typed, and nonsense is not taken', async (t) => {
  const app = await open(t, browser);
  await app.openFile('unknown.csv', Buffer.from(table(0.05)));
  await until('it is listed', async () => (await count(app)) === 1, () => app.describe());
  assert.equal(await app.get('ask-redshift').count(), 0, 'the question is answered');
  const text = await row(app, 0).innerText();
  t.diagnostic(text);
  const [, found, error] = /redshift by trial (0\.\d+) ± (0\.\d+)/.exec(text) ?? [];
  assert.ok(Math.abs(Number(found) - 0.05) < 0.001, text);
  assert.ok(Number(error) > 0 && Number(error) < 0.002, text);
  const field = app.get('own-redshift');
  for (const nonsense of ['abc', '-3', '7', '0.5']) {
    await field.fill(nonsense);
    assert.ok(await app.get('own-redshift-use').isDisabled(), nonsense);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
  }
  await field.fill('0,05');
  assert.ok(await app.get('own-redshift-use').isEnabled(), 'a comma is as good as a point');
  await field.fill('-0.005');
  assert.ok(await app.get('own-redshift-use').isEnabled(), 'galaxies that come towards us are known, too');
  await field.fill('0.06');
  await app.page.keyboard.press('Enter');
  await until('it is shown at the redshift typed', async () => /redshift 0\.0600/.test(await row(app, 0).innerText()), () => app.describe());
  assert.match(await app.text('own-trial'), /You say 0\.0600, by trial 0\.0\d+ ± 0\.\d+ fits far better\./);
  await app.get('use-trial').click();
  await until('the one by trial is back', async () => /redshift by trial 0\.0/.test(await row(app, 0).innerText()), () => app.describe());
  app.assertClean();
});

test('a redshift that is wrong in the file is found out in the background', async (t) => {
  const app = await open(t, browser);
  await app.openFile('wrong.csv', Buffer.from(table(0.0767, { comment: '# redshift = 0.2' })));
  await until('it is listed', async () => (await count(app)) === 1, () => app.describe());
  assert.match(await row(app, 0).innerText(), /redshift 0\.2000/);
  await until('the page says so by itself', async () => (await app.get('use-trial').count()) === 1, () => app.describe());
  const sentence = await app.text('own-trial');
  assert.match(sentence, /The file says 0\.2000, by trial 0\.07\d+ ± 0\.\d+ fits far better\./);
  assert.equal(await app.get('scan-curve').count(), 0, 'no curve unless it is wanted');
  await app.screenshot('disagreement', { fullPage: true });
  await app.get('use-trial').click();
  await until('it is shown there', async () => /redshift by trial 0\.07/.test(await row(app, 0).innerText()), () => app.describe());
  // Beyond the models' range, a file is tried at once.
  await app.openFile('beyond.csv', Buffer.from(table(0.0767, { comment: '# redshift = 1.68' })));
  await until('the other is listed', async () => (await count(app)) === 2, () => app.describe());
  assert.match(await row(app, 1).innerText(), /redshift by trial 0\.07/);
  app.assertClean();
});

test('sliders answer while many redshifts are tried, and the trials can be stopped', async (t) => {
  const app = await open(t, browser);
  const many = galaxies(12);
  await app.get('open-file').setInputFiles(many);
  await until('all are listed', async () => (await count(app)) === many.length, () => app.describe());
  await until('trials are under way', async () => (await app.get('trials').count()) === 1, () => app.describe());
  const before = await app.settled('spectrum');
  await app.slider(1).focus();
  for (let press = 0; press < 5; press += 1) await app.page.keyboard.press('ArrowRight');
  await app.redrawn('spectrum', before);
  await app.get('trials-stop').click();
  assert.match(await app.text('trials'), /Redshifts checked by trial: \d+ of 12/);
  await app.get('trials-stop').click();
  await until('all are checked', async () => (await app.get('trials').count()) === 0, () => app.describe());
  for (let i = 0; i < many.length; i += 1) assert.match(await cell(app, i, 'trial'), /0\.\d{4,} ± 0\.\d+/);
  assert.equal(await app.get('use-trial').count(), 0, 'every file is right');
  app.assertClean();
});

test('wavelengths in air are read again as such', async (t) => {
  const app = await open(t, browser);
  await app.openFile('mine.csv', Buffer.from(table(0.1, { comment: '# redshift = 0.1' })));
  await until('it is listed', async () => (await count(app)) === 1, () => app.describe());
  const before = await app.sliderValues();
  await app.get('own-medium').selectOption('air');
  await until('it has landed elsewhere', async () => (await app.sliderValues()).some((value, i) => value !== before[i]), () => app.describe());
  await app.get('own-medium').selectOption('vacuum');
  await until('it is back', async () => (await app.sliderValues()).every((value, i) => Math.abs(value - before[i]) < 1e-3), () => app.describe());
  app.assertClean();
});

test('a table without errors or with gaps is read; one that makes no sense ends in a clear sentence', async (t) => {
  const app = await open(t, browser);
  await app.openFile('bare.csv', Buffer.from(table(0.1, { errors: false, comment: '# redshift = 0.1' })));
  await until('it is listed', async () => (await count(app)) === 1, () => app.describe());
  const bad = {
    'words.csv': 'wavelength,flux,error\nblue,bright,small\nred,faint,large\n',
    'short.csv': '# redshift = 0.1\nwavelength,flux,error\n5000,1,0.1\n5001,1,0.1\n',
    'names.csv': 'a,b,c\n1,2,3\n4,5,6\n',
    'gone.csv': '',
  };
  for (const [name, content] of Object.entries(bad)) {
    await app.openFile(name, Buffer.from(content));
    const error = await app.oneClearSentence(name);
    t.diagnostic(error);
    assert.ok(!/FITS/.test(error), `words about a table, not: ${error}`);
  }
  assert.equal(await count(app), 1, 'none of them is listed');
  app.assertClean();
});

test('a galaxy is made to order, and moves as its dials are turned', async (t) => {
  const app = await open(t, browser);
  await app.get('tab-make').click();
  const kinds = app.get('galaxy-presets').getByRole('button');
  assert.ok((await kinds.count()) >= 4);
  await app.get('make-galaxy').click();
  await until('it is selected', async () => /made here/.test(await app.text('selected-id')), () => app.describe());
  for (let i = 1; i < (await kinds.count()); i += 1) {
    const before = await app.settled('spectrum');
    await kinds.nth(i).click();
    assert.equal(await kinds.nth(i).getAttribute('aria-pressed'), 'true');
    await app.redrawn('spectrum', before);
  }
  for (const [key, press] of [['dust', 'End'], ['age', 'Home'], ['broad_fraction', 'End'], ['log_metallicity', 'ArrowLeft']]) {
    const before = { spectrum: await app.settled('spectrum'), latent: await app.sliderValues() };
    await app.get(`dial-${key}`).focus();
    await app.page.keyboard.press(press);
    await app.redrawn('spectrum', before.spectrum);
    await until('it has landed elsewhere', async () => (await app.sliderValues()).some((value, i) => value !== before.latent[i]));
  }
  assert.match(await app.get('dial-dust').getAttribute('aria-valuetext'), /0\.70 mag/);
  await app.screenshot('made', { fullPage: true });
  await app.get('tab-about').click();
  await until('its truths are listed', async () => (await app.get('truths').count()) === 1, () => app.describe());
  await app.get('tab-own').click();
  await until('it is one of one\'s own', async () => (await count(app)) === 1);
  assert.match(await row(app, 0).innerText(), /broad-line|AGN/);
  app.assertClean();
});

test('noise moves the selected spectrum, and figure 17 is drawn for it', async (t) => {
  const app = await open(t, browser);
  await app.selectPoint(0.6);
  await until('its pixels are there', async () => (await app.chi2()) > 0);
  const own = await app.sliderValues();
  await app.get('tab-noise').click();
  await app.get('noise-slider').focus();
  await app.page.keyboard.press('Home');
  await until('it has moved', async () => (await app.sliderValues()).some((value, i) => Math.abs(value - own[i]) > 0.02), () => app.describe());
  for (let draw = 0; draw < 6; draw += 1) {
    const before = await app.sliderValues();
    await app.get('noise-again').click();
    await until('another draw lands elsewhere', async () => (await app.sliderValues()).some((value, i) => value !== before[i]));
  }
  await until('the scatter is stated', async () => /scatter by [\d.]+ times the variance/.test(await app.text('noise-summary')), () => app.text('noise-summary'));
  await app.get('noise-curve').click();
  await until('figure 17 is drawn', async () => (await app.get('noise-plot').count()) === 1, () => app.describe());
  assert.ok((await app.settled('noise-plot')).coloured > 200);
  await app.screenshot('noise', { fullPage: true });
  await assertSaved(app, 'noise', 'noise-plot', 'signal-to-noise');
  await app.get('noise-off').click();
  await until('it is back', async () => (await app.sliderValues()).every((value, i) => Math.abs(value - own[i]) < 1e-3));
  app.assertClean();
});

test('on a phone a file is opened and a galaxy made', async (t) => {
  const app = await open(t, browser, { context: PHONE });
  await app.openFile('mine.csv', Buffer.from(table(0.1, { comment: '# redshift = 0.1' })));
  await until('it is listed', async () => (await count(app)) === 1, () => app.describe());
  await app.get('tab-make').tap();
  await app.get('make-galaxy').tap();
  await until('it is selected', async () => /made here/.test(await app.text('selected-id')), () => app.describe());
  const width = await app.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${width} pixels wide`);
  await app.get('make-galaxy').scrollIntoViewIfNeeded();
  await app.screenshot('390x844-make', { fullPage: true });
  app.assertClean();
});
