// Objects on the sky: finding one by its name, a catalogue of one's own as colour and axis, and pictures only once agreed to.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { built, launch, open, until } from './harness.mjs';
import { shipped } from './sky.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const option = (app, select, value) => app.get(select).locator(`option[value="${value}"]`).count();

async function find(app, text) {
  await app.get('find-object').fill(text);
  await app.get('find-object-go').click();
}

test('a spectrum is found by its name in any spelling, and one sentence says when there is none', async (t) => {
  const app = await open(t, browser);
  const [plate, mjd, fiber] = shipped().names[123].split('-');
  await find(app, `spec-${plate.padStart(4, '0')}-${mjd}-${fiber.padStart(4, '0')}.fits`);
  await until('it is selected', async () => (await app.selected()) === `${plate}-${mjd}-${fiber}`, () => app.describe());
  assert.match(await app.text('found-object'), /is selected/);
  await find(app, '1-2-3');
  await until('none is found', async () => /has no spectrum 1-2-3/.test(await app.text('found-object')));
  assert.equal(await app.get('object').count(), 0, 'a simulated spectrum is of no object');
  assert.equal(await option(app, 'axis-x', 'sky'), 0, 'a set without positions has no map');
  app.assertClean();
});

test('a catalogue of one\'s own colours the points, lays them out, and is removed', async (t) => {
  const app = await open(t, browser);
  const { names } = shipped();
  const rows = names.slice(0, 400).map((name, i) => `${name.replaceAll('-', ',')},${i / 10}`);
  const before = await app.settled('scatter');
  await app.drop('masses.csv', ['plate,mjd,fiber,own mass', ...rows, '1,2,3,4'].join('\n'));
  await until('it is listed', async () => (await app.get('own-catalogues').locator('li').count()) === 1, () => app.describe());
  assert.match(await app.text('catalogue-summary'), /^400 of .* matched by name\. 1 of its 401 rows/);
  await app.get('color-by').selectOption('own_mass');
  await app.redrawn('scatter', before);
  await app.get('axis-y').selectOption('c:own_mass');
  await app.settled('scatter');
  await app.screenshot('own-catalogue');
  await app.get('remove-catalogue').click();
  await until('it is gone', async () => (await app.get('own-catalogues').count()) === 0);
  assert.equal(await app.get('color-by').inputValue(), 'class');
  app.assertClean();
});

test('the policy lets pictures in from two servers only, and none is asked before the reader agrees', async (t) => {
  const app = await open(t, browser);
  const policy = /img-src ([^;]*);/.exec(String(built('index.html')))[1].split(' ');
  assert.deepEqual(policy.filter((source) => source.startsWith('http')), ['https://skyserver.sdss.org', 'https://alasky.cds.unistra.fr']);
  app.assertClean();
});
