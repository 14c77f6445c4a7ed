// A server that lacks or spoils files, and links that are nonsense: one clear error, and the rest goes on working.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const SHARD = /\/data\/simulated\/shard-\d+\.safetensors$/;
const MODEL = /\/models\/vae6\.safetensors$/;

/** A server on which `change(bytes)` happens to files whose path matches; null is a 404. */
const spoiling = (pattern, change) => (path, bytes) => (pattern.test(path) ? change(Buffer.from(bytes)) : bytes);
const flipped = (bytes) => { bytes[bytes.length >> 1] ^= 0xff; return bytes; };

async function assertSlidersWork(app) {
  const before = await app.settled('spectrum');
  await app.slider(1).focus();
  for (let press = 0; press < 5; press += 1) await app.page.keyboard.press('ArrowRight');
  await app.redrawn('spectrum', before);
}

async function assertNotBlank(app) {
  const text = (await app.page.locator('body').innerText()).trim();
  assert.ok(text.length > 100, `the page is not blank: "${text}"`);
}

const NONSENSE = {
  'words for numbers': '#v=1&z=one,two,three',
  'too few latents': '#v=1&z=0.1,0.2',
  'not finite': '#v=1&z=NaN,Infinity,-Infinity,1e999,0,0',
  'no such axes': '#v=1&axes=9,77',
  'no such colour': '#v=1&color=sparkle',
  'no such spectrum': '#v=1&sel=1-2-3',
  'not a name': '#v=1&sel=%3Cscript%3Ealert(1)%3C/script%3E',
  'no such set': '#v=1&data=nowhere',
  'no such model': '#v=1&model=nothing',
  'another folder': '#v=1&data=../../secrets',
  'no such version': '#v=999&z=0,0,0,0,0,0',
};

for (const [what, hash] of Object.entries(NONSENSE)) {
  test(`a link with ${what} is reported and dropped`, async (t) => {
    const app = await open(t, browser, { hash, expectErrors: true });
    t.diagnostic(await app.oneClearSentence());
    assert.ok((await app.settled('scatter')).coloured > 2000, 'the scatter is there');
    await assertSlidersWork(app);
    assert.deepEqual(app.problems.filter((problem) => /exception|panic/.test(problem)), []);
    app.assertClean();
  });
}

test('unknown keys and empty links are ignored', async (t) => {
  for (const hash of ['#', '#v=1&utm_source=mail', '#hello', '#%%%', '#&&&===']) {
    const app = await open(t, browser, { hash });
    await assertSlidersWork(app);
    app.assertClean();
  }
});

test('missing shards: a click says so, the rest works', async (t) => {
  const app = await open(t, browser, { spoil: spoiling(SHARD, () => null), expectErrors: true });
  await app.clickPoint();
  t.diagnostic(await app.oneClearSentence(/shard-\d+/));
  await assertSlidersWork(app);
  app.assertClean();
});

/** A training whose spectra do not come waits for a resume, and can be given up. */
async function waitsAndCanBeEnded(app) {
  await until('training waits', async () => /resume/i.test(await app.text('train-pause')), () => app.describe());
  await app.get('train-stop').first().click();
  await until('training has ended', () => app.get('train-start').first().isEnabled(), () => app.describe());
}

test('missing shards: training says so, the rest works', async (t) => {
  const app = await open(t, browser, { spoil: spoiling(SHARD, () => null), expectErrors: true });
  // The spectrum that the page selects by itself is missing too: that is said first.
  await app.oneClearSentence(/shard-\d+/);
  await app.page.getByRole('button', { name: 'Dismiss' }).click();
  await until('it is dismissed', async () => (await app.errors()).length === 0);
  await app.get('train-start').first().click();
  t.diagnostic(await app.oneClearSentence(/shard-\d+/));
  await waitsAndCanBeEnded(app);
  await assertSlidersWork(app);
  app.assertClean();
});

test('a shard with a flipped byte is not trained on', async (t) => {
  const app = await open(t, browser, { spoil: spoiling(SHARD, flipped), expectErrors: true });
  await app.get('train-start').first().click();
  t.diagnostic(await app.oneClearSentence(/shard-\d+.*damaged/));
  await waitsAndCanBeEnded(app);
  await assertSlidersWork(app);
  app.assertClean();
});

// What happens to the model file, and what the error must say.
const BAD_MODELS = {
  'is missing': [() => null, /vae6.*404/],
  'is cut short': [(bytes) => bytes.subarray(0, bytes.length >> 1), /vae6.*not a whole/],
  'is not a model': [() => Buffer.from('<!doctype html><title>not here</title>'), /vae6.*not a/],
  'is for another grid': [(bytes) => Buffer.from(bytes.toString('latin1').replace(/(\\"grid\\":\s*\[)3\.53/, '$13.63'), 'latin1'), /vae6.*grid/],
};

for (const [what, [change, words]] of Object.entries(BAD_MODELS)) {
  test(`a model file that ${what}: the error says so, the scatter is there`, async (t) => {
    const app = await open(t, browser, { spoil: spoiling(MODEL, change), expectErrors: true, ready: false });
    t.diagnostic(await app.oneClearSentence(words));
    await assertNotBlank(app);
    await until('the scatter is there', async () => (await app.pixels('scatter')).coloured > 2000, () => app.describe());
    await app.selectPoint();
    app.assertClean();
  });
}

for (const file of ['data/simulated/manifest.json', 'data/simulated/catalogue.safetensors', 'models/vae6.latents.safetensors']) {
  test(`without ${file} the page says what is missing`, async (t) => {
    const pattern = new RegExp(`/${file.replaceAll('.', '\\.')}$`);
    const app = await open(t, browser, { spoil: spoiling(pattern, () => null), expectErrors: true, ready: false });
    t.diagnostic(await app.oneClearSentence(file.split('/').at(-1)));
    await assertNotBlank(app);
    app.assertClean();
  });
}

for (const [what, pattern] of [['script', /\/engine_cpu.*\.js$/], ['wasm', /\/engine_cpu.*\.wasm$/]]) {
  test(`without its engine's ${what} the page says so and keeps the scatter`, async (t) => {
    const app = await open(t, browser, { spoil: spoiling(pattern, () => null), expectErrors: true, ready: false });
    t.diagnostic(await app.oneClearSentence('engine'));
    await assertNotBlank(app);
    await until('the scatter is there', async () => (await app.pixels('scatter')).coloured > 2000, () => app.describe());
    app.assertClean();
  });
}
