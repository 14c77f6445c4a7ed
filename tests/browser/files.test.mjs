// Real spectra from the visitor's own disk, and files that are none.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { data, launch, needsRealSpectra, open, until } from './harness.mjs';

// What each file's own header says (read with astropy): file, name in SDSS.
const GALAXIES = [
  ['dr7/spSpec-52235-0750-459.fit', '750-52235-459'],
  ['dr7/spSpec-52999-1307-323.fit', '1307-52999-323'],
  ['dr8/spec-0266-51602-0013.fits', '266-51602-13'],
  ['dr8/spec-0266-51602-0107.fits', '266-51602-107'],
  ['dr8/spec-0266-51602-0162.fits', '266-51602-162'],
  ['dr8/NGC3522_SDSS_DR18.fits', '2488-54149-1'],
  ['dr8/SHOC579_SDSS_dr18.fits', '358-51818-504'],
  ['dr8/spec-1678-53433-0425.fits', '1678-53433-425'],
  ['dr8/spec-2515-54180-0377.fits', '2515-54180-377'],
  ['dr8/spec-3655-55240-0660.fits', '3655-55240-660'],
];
// Beyond the paper's redshift 0.36.
const TOO_FAR = [
  ['dr7/spSpec-51993-0542-631.fit', '2.23'],
  ['dr8/spec-0266-51630-0053.fits', '3.03'],
  ['dr8/spec-3586-55181-0003.fits', '0.58'],
];
const NOT_SDSS = [
  'other/gama_G09_Y1_GS1_080.fit',
  'other/lamost_spec-55862-B6212_sp06-003.fits',
  'other/marz_emlLogVacuumHelioCMB.fits',
  'other/marz_quasarLinearSkyAirNoHelio.fits',
];

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const read = (file) => readFileSync(join(data, file));

/** After whatever happened: a slider still moves the spectrum. */
async function assertStillWorks(app) {
  const before = await app.settled('spectrum');
  await app.slider(1).focus();
  for (let press = 0; press < 5; press += 1) await app.page.keyboard.press('ArrowRight');
  await app.redrawn('spectrum', before);
}

async function assertShown(app, file, id, before) {
  await until(`${file} is shown as ${id}`, async () => (await app.selected()) === id, () => app.describe());
  await app.redrawn('spectrum', before.spectrum);
  await app.redrawn('scatter', before.scatter);
  await until('its chi2 is shown', async () => (await app.chi2()) > 0, () => app.describe());
  assert.deepEqual(await app.errors(), []);
}

test('real galaxies dropped on the page are read, encoded, placed and reconstructed', async (t) => {
  if (!needsRealSpectra(t)) return;
  const app = await open(t, browser);
  for (const [file, id] of GALAXIES) {
    const before = { spectrum: await app.settled('spectrum'), scatter: await app.settled('scatter') };
    await app.drop(basename(file), read(file));
    await assertShown(app, file, id, before);
    t.diagnostic(`${file}: chi2 ${await app.chi2()}`);
  }
  await app.screenshot('real-galaxy');
  app.assertClean();
});

test('the open button does the same as a drop', async (t) => {
  if (!needsRealSpectra(t)) return;
  const app = await open(t, browser);
  const [file, id] = GALAXIES[0];
  const before = { spectrum: await app.settled('spectrum'), scatter: await app.settled('scatter') };
  await app.openFile(basename(file), read(file));
  await assertShown(app, file, id, before);
  app.assertClean();
});

test('a galaxy beyond the paper\'s redshift is tried by trial, and labelled so', async (t) => {
  if (!needsRealSpectra(t)) return;
  for (const [file, redshift] of TOO_FAR) {
    const app = await open(t, browser);
    await app.drop(basename(file), read(file));
    const list = app.get('own-spectra').locator('tbody');
    await until('it is listed', async () => (await list.count()) === 1, () => app.describe());
    const text = await list.innerText();
    t.diagnostic(text);
    assert.match(text, /redshift by trial 0\.\d+/);
    await app.get('tab-about').click();
    const facts = await app.page.locator('#panel-body').innerText();
    assert.ok(facts.includes(redshift), `the file's redshift ${redshift} is among the facts: ${facts}`);
    await assertStillWorks(app);
    app.assertClean();
  }
});

test('a spectrum of a layout that is not read is refused by name', async (t) => {
  if (!needsRealSpectra(t)) return;
  const app = await open(t, browser);
  for (const file of NOT_SDSS.filter((path) => basename(path).startsWith('gama'))) {
    await app.drop(basename(file), read(file));
    t.diagnostic(await app.oneClearSentence(basename(file)));
  }
  await assertStillWorks(app);
  app.assertClean();
});

test('a truncated FITS file is refused wherever it ends', async (t) => {
  if (!needsRealSpectra(t)) return;
  const app = await open(t, browser);
  const whole = { 'spSpec.fit': read(GALAXIES[0][0]), 'spec.fits': read(GALAXIES[2][0]) };
  for (const [name, bytes] of Object.entries(whole)) {
    for (const [i, end] of [2000, 2880 * 2 + 17, bytes.length >> 1].entries()) {
      const file = `cut${i}-${name}`;
      await app.drop(file, bytes.subarray(0, end));
      t.diagnostic(await app.oneClearSentence(file));
    }
  }
  await assertStillWorks(app);
  app.assertClean();
});

test('a file that is no spectrum ends in one clear sentence', async (t) => {
  const app = await open(t, browser);
  const files = {
    'notes.txt': 'These are my notes on galaxies.\n'.repeat(300),
    'empty.fits': '',
    'zeros.fits': Buffer.alloc(5760),
    'fake.fits': 'SIMPLE  =                    T'.padEnd(2880, ' '),
  };
  for (const [name, content] of Object.entries(files)) {
    await app.drop(name, Buffer.from(content));
    t.diagnostic(await app.oneClearSentence(name));
  }
  await assertStillWorks(app);
  app.assertClean();
});
