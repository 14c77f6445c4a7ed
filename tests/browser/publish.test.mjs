// A site of one's own: survey files of three layouts through the real command line, the folder that it publishes opened in a browser, and data
// of another site only after the reader agrees.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { commandLine, dist, launch, open, root, safetensors, until } from './harness.mjs';
import { serve } from './server.mjs';

/** Spectra of each layout. */
const COUNT = 150;
const LAYOUTS = ['sdss', 'lamost', 'desi'];
const TITLE = 'A survey of <our> own';
const SETS = [
  { name: 'survey', title: 'Simulated survey files of three layouts', license: 'CC0-1.0', count: 3 * COUNT },
  { name: 'targets', title: 'Simulated targets of DESI', license: 'CC-BY-4.0', count: COUNT },
];

let browser;
let folder;
let site;
/** The other site: a copy of the first that may send anything, to pages of any host. */
let other;
let spoil = (_path, bytes) => bytes;

const run = (...args) => execFileSync(commandLine, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
const model = (name) => join(root, 'public/models', `${name}.safetensors`);
const below = (...names) => join(folder, ...names);

before(async () => {
  assert.ok(existsSync(commandLine), 'the command line is not built: run `cargo build --features cli`');
  folder = mkdtempSync(join(tmpdir(), 'spectrascape-publish-'));
  LAYOUTS.forEach((layout, i) => run('simulate', '--fits', below('files', layout), '--layout', layout, '--count', String(COUNT), '--seed', String(20 + i)));
  SETS.forEach(({ name, title, license }, i) => {
    run('preprocess', below('files', i === 0 ? '' : 'desi'), '--out', below(name), '--name', name, '--title', title, '--license', license, '--simulated');
  });
  other = await serve(below('site'), 0, (path, bytes) => spoil(path, bytes), { 'Access-Control-Allow-Origin': '*' });
  run('publish', '--data', ...SETS.map(({ name }) => below(name)), '--model', model('vae2'), model('vae6'), '--page', dist, '--out', below('site'),
    '--title', TITLE, '--license', 'CC-BY-SA-4.0', '--open', 'survey/vae6', '--no-umap', '--allow-data-from', new URL(other.url).host);
  site = await serve(below('site'));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.close();
  await other?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const options = (app, chooser) => app.get(chooser).locator('option').allTextContents();
const footer = (app) => app.page.locator('footer.foot').innerText();
/** What the site says of its own: the manifest and the catalogue of a set, without the page's code. */
const manifest = (name) => JSON.parse(readFileSync(below('site/data', name, 'manifest.json'), 'utf8'));
const catalogue = (name) => safetensors(readFileSync(below('site/data', name, 'catalogue.safetensors')));

/** Identifiers of the mixed set by the page's spelling, in its order: simulated plates, observations and targets. */
function names() {
  const { header } = catalogue('survey');
  assert.equal(header.survey.shape[0], 3 * COUNT);
  const spell = { sdss: (i) => `100001-0-${i + 1}`, lamost: (i) => `lamost:${10_000_000_000 + i}`, desi: (i) => `desi:${i + 1}` };
  return LAYOUTS.flatMap((layout) => Array.from({ length: COUNT }, (_, i) => spell[layout](i)));
}

test('a published site opens with its title, sets, models and licences, and its spectra', async (t) => {
  const app = await open(t, browser, { url: site.url });
  assert.equal(await app.page.title(), TITLE);
  assert.equal(await app.page.locator('h1').innerText(), TITLE);
  assert.deepEqual(await options(app, 'set-chooser'), SETS.map(({ title }) => title));
  assert.deepEqual(await options(app, 'model-chooser'), ['vae2: VAE, 2 latents', 'vae6: VAE, 6 latents']);
  assert.equal(await app.get('model-chooser').inputValue(), 'vae6');
  const foot = await footer(app);
  for (const part of [SETS[0].title, 'Licence: CC0-1.0.', 'Licence of this site: CC-BY-SA-4.0.']) assert.ok(foot.includes(part), `${part}: ${foot}`);
  assert.equal(await app.page.locator('.badge').count(), 1, 'it says that its spectra are simulated');
  const before = await app.settled('spectrum');
  await app.clickPoint(0.5);
  await until('a spectrum is selected', async () => names().includes(await app.text('selected-id')), () => app.describe());
  await app.redrawn('spectrum', before);

  await app.get('model-chooser').selectOption('vae2');
  await until('the other model is open', async () => app.permalink().get('model') === 'vae2' && (await app.text('status')) === 'ready', () => app.describe());
  await app.get('set-chooser').selectOption('targets');
  await until('the other set is open', async () => (await footer(app).catch(() => '')).includes(SETS[1].title), () => app.describe());
  await app.ready();
  assert.ok((await footer(app)).includes('Licence: CC-BY-4.0.'));
  assert.equal(await app.get('set-chooser').inputValue(), 'targets');
  assert.match(await app.get('scatter').first().getAttribute('aria-label'), new RegExp(`^Scatter of ${COUNT} spectra`));
  assert.deepEqual(await app.errors(), []);
  app.assertClean();
});

test('the map of the sky shows all three surveys, and a catalogue joined by identifier colours it', async (t) => {
  const app = await open(t, browser, { url: site.url, hash: '#v=1&axes=sky' });
  assert.match(await app.get('scatter').first().getAttribute('aria-label'), new RegExp(`^Scatter of ${3 * COUNT} spectra along right ascension and declination`));
  const plain = await app.settled('scatter');
  assert.ok(plain.coloured > 200, `${plain.coloured} coloured pixels`);
  await app.screenshot('published-sky');
  const all = names();
  const rows = all.map((name, i) => `${name},${i % 7},${i < 10 ? -9999 : i / 10}`);
  await app.drop('masses.csv', ['id,group,own mass', ...rows, 'desi:999,1,1'].join('\n'));
  await until('it is listed', async () => (await app.get('own-catalogues').locator('li').count()) === 1, () => app.describe());
  assert.match(await app.text('catalogue-summary'), /^450 of .* matched by name\. 1 of its 451 rows/);
  await app.get('color-by').selectOption('own_mass');
  await app.redrawn('scatter', plain);
  await app.settled('scatter');
  await app.screenshot('published-sky-own-catalogue');
  // By position too: another table names none of them.
  const { ra, dec } = { ra: doubles('ra'), dec: doubles('dec') };
  const near = all.map((_, i) => `${ra[i]},${dec[i] + 0.5 / 3600},${i}`);
  await app.drop('positions.csv', ['RA_ICRS,DE_ICRS,number', ...near.slice(0, 100)].join('\n'));
  await until('it is listed too', async () => (await app.get('own-catalogues').locator('li').count()) === 2, () => app.describe());
  assert.match(await app.get('catalogue-summary').nth(1).innerText(), /^100 of /);
  assert.deepEqual(await app.errors(), []);
  app.assertClean();
});

/** A column of doubles of the mixed set. */
function doubles(name) {
  const bytes = readFileSync(below('site/data/survey/catalogue.safetensors'));
  const length = Number(bytes.readBigUInt64LE(0));
  const [start, end] = JSON.parse(bytes.subarray(8, 8 + length).toString())[name].data_offsets;
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset + 8 + length + start, bytes.byteOffset + 8 + length + end));
}

test('data of another site come once the reader has agreed, and not before', async (t) => {
  const address = `${other.url}data/targets/`;
  const app = await open(t, browser, { url: site.url, hash: `#v=1&data=${address}&model=vae2`, ready: false });
  const host = new URL(other.url).host;
  await until('it asks', async () => (await app.get('host-consent').count()) === 1, () => app.describe());
  assert.ok((await app.get('host-consent').innerText()).includes(host));
  const asked = () => app.requests.filter((url) => url.startsWith(other.url));
  assert.deepEqual(asked(), [], 'nothing is asked of it before');
  await app.get('host-agree').click();
  await app.ready();
  assert.ok((await footer(app)).includes(SETS[1].title));
  assert.ok(asked().length >= 3);
  assert.equal(await app.get('host-consent').count(), 0);
  const before = await app.settled('spectrum');
  await app.get('find-object').fill('desi:77');
  await app.get('find-object-go').click();
  await until('a spectrum of it is selected', async () => (await app.text('selected-id')).includes('desi:77'), () => app.describe());
  await app.redrawn('spectrum', before);
  // Another set of the same site is no new question: its host is agreed to.
  assert.equal(app.permalink().get('data'), address);
  assert.deepEqual(app.requests.filter((url) => !url.startsWith(app.origin) && !url.startsWith(other.url) && !/^(blob|data):/.test(url)), []);
  assert.deepEqual(app.problems, []);

  const stays = await open(t, browser, { url: site.url, hash: `#v=1&data=${address}`, ready: false });
  await until('it asks', async () => (await stays.get('host-consent').count()) === 1, () => stays.describe());
  await stays.get('host-stay').click();
  await stays.ready();
  assert.ok((await footer(stays)).includes(SETS[0].title));
  stays.assertClean();
});

test('what another site sends in error or malice is one sentence, and this site opens instead', async (t) => {
  t.after(() => { spoil = (_path, bytes) => bytes; });
  const text = (change) => (bytes) => Buffer.from(change(bytes.toString()));
  const hostile = [
    ['library.json', 'a library that is none', text(() => '<html>'), /library\.json/],
    ['library.json', 'latents that lead out of the site', text((json) => json.replaceAll('data/targets/vae2', '../../etc/vae2')), /library\.json/],
    ['data/targets/manifest.json', 'a manifest that is not the one promised', text((json) => json.replace('"count": 150', '"count": 151')), /manifest\.json/],
    ['data/targets/manifest.json', 'a manifest without an end', (bytes) => bytes.subarray(0, 300), /manifest\.json/],
    ['data/targets/vae2.latents.safetensors', 'latents of something else', (bytes) => Buffer.alloc(bytes.length, 7), /latents/],
    ['data/targets/catalogue.safetensors', 'nothing where the catalogue should be', () => null, /catalogue/],
  ];
  for (const [file, what, change, about] of hostile) {
    spoil = (path, bytes) => (path.endsWith(file) ? change(bytes) : bytes);
    const app = await open(t, browser, { url: site.url, hash: `#v=1&data=${other.url}data/targets/&model=vae2`, ready: false, expectErrors: true });
    await until(`it asks (${what})`, async () => (await app.get('host-consent').count()) === 1, () => app.describe());
    await app.get('host-agree').click();
    t.diagnostic(`${what}: ${await app.oneClearSentence(about)}`);
    await app.ready();
    if (!file.includes('catalogue')) assert.ok((await footer(app)).includes(SETS[0].title), `${what}: this site is open`);
    await app.page.context().close();
  }
});

test('a site that allows no other host says so, and opens its own', async (t) => {
  const app = await open(t, browser, { url: site.url, hash: '#v=1&data=https://data.example.org/map/', ready: false });
  await app.oneClearSentence('data.example.org');
  await app.ready();
  assert.equal(await app.get('host-consent').count(), 0);
  assert.ok((await footer(app)).includes(manifest('survey').title));
  app.assertClean();
});
