// The table of one's own spectra: sorted, saved, stopped, cleared, and kept for the next visit; its spectra in the scatter.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cell, count, galaxies, row, table } from './galaxies.mjs';
import { launch, open, until } from './harness.mjs';
import { csv, drag, saved, scale, shipped, xmlRoot } from './sky.mjs';

let browser;
let set;
before(async () => { browser = await launch(); set = shipped(); });
after(() => browser?.close());

test('the table of one\'s own spectra is sorted by a column and saved as CSV and VOTable', async (t) => {
  const app = await open(t, browser);
  await app.get('open-file').setInputFiles([...galaxies(3)].reverse());
  await until('all are listed', async () => (await count(app)) === 3, () => app.describe());
  await until('trials are done', async () => /±/.test(await cell(app, 2, 'trial')) && (await app.get('trials').count()) === 0, () => app.describe());
  await until('each is judged', async () => /\d/.test(await cell(app, 2, 'factor')) && !(await cell(app, 2, 'reason')).includes('…'), () => app.describe());
  const column = (name) => Promise.all([0, 1, 2].map((i) => cell(app, i, name)));
  const redshifts = async () => (await column('redshift')).map(parseFloat);
  assert.deepEqual(await redshifts(), [0.07, 0.06, 0.05], 'in the order in which they were read');
  const head = (name) => app.page.locator('th', { has: app.get(`own-sort-${name}`) });
  for (const [sort, order] of [['ascending', [0.05, 0.06, 0.07]], ['descending', [0.07, 0.06, 0.05]], ['none', [0.07, 0.06, 0.05]]]) {
    await app.get('own-sort-redshift').click();
    assert.equal(await head('redshift').getAttribute('aria-sort'), sort);
    assert.deepEqual(await redshifts(), order, sort);
  }
  await app.get('own-sort-name').click();
  assert.deepEqual((await column('name')).map((name) => name.trim()), ['mine0.csv', 'mine1.csv', 'mine2.csv']);

  // The files are in the order in which the spectra were read.
  const text = await saved(app, () => app.get('save-own-csv').click());
  assert.equal(text.name, 'spectrascape-own-spectra.csv');
  const found = csv(text.bytes);
  assert.equal(found.rows.length, 3);
  found.rows.forEach((row, i) => {
    const given = 0.07 - 0.01 * i;
    assert.equal(row.id, `mine${2 - i}.csv`);
    assert.ok(Math.abs(Number(row.redshift) - given) < 1e-9 && Math.abs(Number(row.redshift_trial) - given) < 1e-3, JSON.stringify(row));
    assert.ok(Number(row.redshift_trial_error) > 0, JSON.stringify(row));
  });
  for (const name of ['class', 'class_around', 'chi2', 'chi2_percentile', 'lof', 'rarity', 'reasons', 'nearest', 'latent_1', 'latent_6']) assert.ok(found.names.includes(name), name);
  const xml = await saved(app, () => app.get('save-own-votable').click());
  assert.equal(await xmlRoot(app, xml.bytes), 'VOTABLE');
  const fields = [...String(xml.bytes).matchAll(/<FIELD[^>]*>/g)].map(([field]) => [/\sID="([^"]*)"/.exec(field)?.[1], /\sname="([^"]*)"/.exec(field)?.[1]]);
  assert.deepEqual(fields.map(([, name]) => name), found.names, 'both have the same columns');
  assert.ok(fields.every(([id, name]) => id === undefined || id === name), `readers take the ID for the name: ${fields}`);
  app.assertClean();
});

test('reading many files is counted and stopped, and one click clears the list', async (t) => {
  const app = await open(t, browser);
  await app.get('open-file').setInputFiles(galaxies(36));
  await until('it is counted', async () => /^Reading \d+ of 36 …/.test(await app.text('reading')), () => app.describe());
  await app.get('reading-stop').click();
  await until('nothing is read', async () => (await app.get('reading').count()) === 0, () => app.describe());
  const listed = await count(app);
  assert.ok(listed > 0 && listed < 36, `${listed} were read before`);
  assert.match(await app.text('clear-own'), new RegExp(`^Clear all ${listed}$`));
  await app.get('clear-own').click();
  await until('the list is empty', async () => (await app.get('own-spectra').count()) === 0 && (await app.get('trials').count()) === 0, () => app.describe());
  assert.deepEqual(await app.errors(), []);
  app.assertClean();
});

test('one\'s own spectra are there after a reload, and are deleted from the device with the list', async (t) => {
  const app = await open(t, browser);
  const reload = async (listed) => {
    // What the device is told is told by then: the last change is looked up, not waited for by the clock.
    const kept = () => app.page.evaluate(async () => ((await caches.has('spectrascape-own-v1')) ? (await (await caches.open('spectrascape-own-v1')).keys()).length : 0));
    await until(`${listed} are kept`, async () => (await kept()) === listed, async () => `${await kept()} are`);
    await app.page.reload();
    await app.ready();
  };
  await app.get('open-file').setInputFiles(galaxies(2));
  await until('both are listed', async () => (await count(app)) === 2, () => app.describe());
  const id = await app.selectPoint(0.6);
  await until('the link names it', () => set.row(app.permalink().get('sel') ?? '0-0-0') === set.row(id));
  await app.get('tab-about').click();
  await until('the link says so', () => app.permalink().get('tab') === null, () => app.page.url());
  await reload(2);
  await until('both are back', async () => /2/.test(await app.text('tab-own')), () => app.describe());
  assert.equal(await app.selected(), id, 'what the link shows stays on screen');
  assert.equal(await app.get('tab-about').getAttribute('aria-selected'), 'true', 'and so does its tab');
  await app.get('tab-own').click();
  await until('both are listed again', async () => (await count(app)) === 2, () => app.describe());
  assert.match(await cell(app, 0, 'redshift'), /^0\.0500\s+the file/);
  await row(app, 0).getByRole('button', { name: /off the list/ }).click();
  await reload(1);
  await app.get('tab-own').click();
  await until('the other is back', async () => (await count(app)) === 1, () => app.describe());
  assert.match(await cell(app, 0, 'name'), /mine1\.csv/);
  await app.get('clear-own').click();
  await reload(0);
  await app.get('tab-own').click();
  assert.equal(await app.get('own-spectra').count(), 0);
  app.assertClean();
});

test('a spectrum of one\'s own is named under the pointer, picked by the lasso, and coloured as the set is', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&axes=l1,l2' });
  await app.settled('scatter');
  const place = await scale(app, set, set.latent(1), set.latent(2));
  await app.openFile('mine.csv', Buffer.from(table(0.1, { comment: '# redshift = 0.1' })));
  await until('it is shown', async () => /mine\.csv/.test(await app.text('selected-id')), () => app.describe());
  const latent = await app.sliderValues();
  const at = [place.x(latent[0]), place.y(latent[1])];
  const box = await app.get('scatter').boundingBox();
  await app.page.mouse.move(box.x + at[0], box.y + at[1]);
  await until('it is named', async () => /mine\.csv · yours/.test(await app.text('hover-card')), () => app.text('hover-card'));
  await app.selectPoint(0.9);
  const before = await app.settled('scatter');
  await app.get('color-by').selectOption('redshift');
  await app.redrawn('scatter', before);
  await drag(app, 'scatter', [[at[0] - 12, at[1] - 12], [at[0] + 12, at[1] + 12]], { shift: true });
  await until('it is picked', async () => /spectra picked, 1 of them yours/.test(await app.page.locator('.picked-head').innerText()), () => app.describe());
  app.assertClean();
});
