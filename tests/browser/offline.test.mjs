// Without a network: what one visit keeps, what an update changes, what a damaged file cannot do; and that the page asks
// nobody but its own host, in a recorded run through all of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHash } from 'node:crypto';
import { built, dist, launch, open, until } from './harness.mjs';
import { serve } from './server.mjs';

/** Some epochs on a slow machine that does other things too. */
const LONG = 600_000;
const FILES = 'spectrascape-files-v1';
const SHARDS = 'spectrascape-shards-v1';
const MANIFEST = JSON.parse(built('data/simulated/manifest.json'));

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const sha256 = (bytes, how = 'hex') => createHash('sha256').update(bytes).digest(how);
/** What the service worker keeps: its list, as the build wrote it. */
const build = () => JSON.parse(/const BUILD = (\{[^;]*\});/.exec(built('sw.js'))[1]);

/** The page on a server that a test can change and stop: `files` go before those of the build; null is a 404. */
async function host(t, files = {}, headers = {}) {
  const asked = [];
  const spoil = (path, bytes) => {
    asked.push(path);
    return path in files ? files[path] : bytes;
  };
  const server = await serve(dist, 0, spoil, headers);
  let open = true;
  const close = async () => { if (open) await server.close(); open = false; };
  t.after(close);
  return { url: server.url, asked, files, close };
}

/** A visit with a service worker. */
const visit = (t, { url }, options = {}) => open(t, browser, { url, ...options, context: { serviceWorkers: 'allow', ...options.context } });
const state = (app) => app.get('offline').getAttribute('data-state', { timeout: 1000 }).catch(() => null);
const reaches = (app, wanted) => until(`the page is ${wanted}`, async () => (await state(app)) === wanted, async () => `${await state(app)}; ${await app.describe()}`);

/** Addresses in a cache, relative to the page. */
const kept = (app, cache) => app.page.evaluate(async (name) => {
  const found = (await caches.has(name)) ? await (await caches.open(name)).keys() : [];
  return found.map(({ url }) => url.replace(document.baseURI.split('#')[0], ''));
}, cache);

/** Has the browser look for a new version; tells how its installation ends, or that there is none. */
const update = (app) => app.page.evaluate(async () => {
  const registration = await navigator.serviceWorker.ready;
  const end = new Promise((told) => registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker.addEventListener('statechange', () => told(worker.state));
  }));
  await registration.update();
  return Promise.race([end, new Promise((none) => setTimeout(() => none(registration.installing ? end : 'none'), 2000))]);
});

async function assertWorks(app) {
  assert.ok((await app.settled('scatter')).coloured > 2000, 'the scatter is there');
  const before = await app.settled('spectrum');
  await app.slider(1).focus();
  for (let press = 0; press < 5; press += 1) await app.page.keyboard.press('ArrowRight');
  await app.redrawn('spectrum', before);
}

async function trains(app) {
  await app.get('train-start').first().click();
  await until('an epoch is trained', async () => Number(await app.text('epoch')) >= 1, () => app.describe(), LONG);
  await app.get('train-stop').first().click();
}

test('a tour of the page, recorded: one host, and nothing that its policy refuses', async (t) => {
  const here = await host(t);
  const app = await visit(t, here);
  await reaches(app, 'kept');
  for (const tab of await app.page.getByRole('tab').all()) await tab.click();
  await app.selectPoint(0.3);
  await app.get('color-by').selectOption('redshift');
  await app.get('track-S').click();
  await app.get('path-node-3').click();
  await app.sharedLink();
  await app.get('save-spectrum').click();
  const [drawing] = await Promise.all([app.page.waitForEvent('download'), app.get('save-spectrum-svg').click()]);
  assert.match(drawing.suggestedFilename(), /\.svg$/);
  await app.get('save-scatter').click();
  const [picture] = await Promise.all([app.page.waitForEvent('download'), app.get('save-scatter-png').click()]);
  assert.match(picture.suggestedFilename(), /\.png$/);
  await trains(app);
  await app.page.reload();
  await app.ready();
  await assertWorks(app);
  // The record is a record: of the page, of its worker, and of the service worker.
  for (const file of ['engine_cpu_bg.wasm', 'models/vae6.safetensors', 'sw.js', 'icons/icon-512.png']) {
    assert.ok(app.requests.some((url) => url.startsWith(here.url) && url.includes(file)), `${file} is in the record`);
  }
  t.diagnostic(`${app.requests.length} requests, all to ${new URL(here.url).host}`);
  app.assertClean();
});

test('the policy holds: no other host, no inline script or style; in the worker, too', async (t) => {
  const stranger = await host(t, {}, { 'Access-Control-Allow-Origin': '*' });
  const app = await visit(t, await host(t), { expectErrors: true });
  await reaches(app, 'kept');
  await app.page.reload();
  await app.ready();
  const refused = await app.page.evaluate(async (url) => {
    const answer = await fetch(url).then(() => 'answered', () => 'refused');
    document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="display: none">styled</p>');
    const script = document.createElement('script');
    script.textContent = 'window.inline = true';
    document.body.append(script);
    const image = await new Promise((told) => {
      const image = new Image();
      image.onload = () => told('answered');
      image.onerror = () => told('refused');
      image.src = `${url}icons/icon-192.png`;
    });
    const evaluated = await new Promise((told) => { try { told(new Function('return "ran"')()); } catch { told('refused'); } });
    return { answer, image, evaluated, inline: window.inline ?? 'refused', style: getComputedStyle(document.getElementById('styled')).display };
  }, stranger.url);
  assert.deepEqual(refused, { answer: 'refused', image: 'refused', evaluated: 'refused', inline: 'refused', style: 'block' });
  const [worker] = app.page.workers();
  assert.equal(await worker.evaluate((url) => fetch(url).then(() => 'answered', () => 'refused'), stranger.url), 'refused');
  assert.deepEqual(stranger.asked, []);
  for (const directive of ['connect-src', 'script-src', 'style-src', 'img-src']) {
    assert.ok(app.problems.some((problem) => problem.includes(`policy: ${directive}`)), `${directive} is told of`);
  }
});

test('after one visit the page works with the server gone: scatter, decoding, spectra, training, a model seen before', async (t) => {
  const here = await host(t);
  const app = await visit(t, here, { hash: '#v=1&model=vae2', expectErrors: true });
  await reaches(app, 'kept');
  assert.match(await app.text('offline'), /works without a network/i);
  await app.screenshot('kept-on-this-device', { fullPage: true });
  assert.equal((await kept(app, SHARDS)).length, MANIFEST.shards.length);
  // The other model is kept once the service worker is in charge.
  await app.page.reload();
  await app.ready();
  await until('it is kept', async () => (await kept(app, FILES)).some((file) => file.startsWith('models/vae2.safetensors')));

  await here.close();
  // A lesson's model works although it was never opened.
  for (const hash of ['', '#v=1&model=vae2', '#v=1&model=ae6']) {
    await app.page.goto('about:blank');
    await app.page.goto(here.url + hash);
    await app.ready();
    await assertWorks(app);
    for (const which of [0.1, 0.5, 0.9]) await app.selectPoint(which);
    assert.deepEqual(await app.errors(), []);
  }
  await app.page.goto('about:blank');
  await app.page.goto(here.url);
  await app.ready();
  await trains(app);
  assert.deepEqual(await app.errors(), []);
  assert.deepEqual(app.problems, []);

  // What was never seen is missed in one sentence.
  await app.page.goto('about:blank');
  await app.page.goto(`${here.url}#v=1&model=vae4`);
  t.diagnostic(await app.oneClearSentence('vae4'));
  // The page is told as it would be without a service worker, and that one has no error of its own.
  const said = await app.page.evaluate(() => fetch('models/vae4.safetensors').then(() => 'answered', ({ name }) => name));
  assert.equal(said, 'TypeError');
  assert.deepEqual(app.problems.filter((problem) => /promise (was|that) rejected/.test(problem)), []);
});

test('parts of a kept shard are those of the file', async (t) => {
  const here = await host(t);
  const app = await visit(t, here, { expectErrors: true });
  await reaches(app, 'kept');
  await app.page.reload();
  await here.close();
  const name = `data/simulated/${MANIFEST.shards[3].name}`;
  const file = built(name);
  const ask = (range) => app.page.evaluate(async ([url, range]) => {
    const response = await fetch(url, { headers: range ? { Range: range } : {} });
    const hash = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
    const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return [response.status, response.headers.get('Content-Range'), hex];
  }, [name, range]);
  const all = file.length;
  for (const [range, start, end] of [['bytes=0-8191', 0, 8192], ['bytes=5000-6999', 5000, 7000], [`bytes=${all - 10}-`, all - 10, all], ['bytes=-7', all - 7, all], [`bytes=${all - 3}-${all + 99}`, all - 3, all]]) {
    assert.deepEqual(await ask(range), [206, `bytes ${start}-${end - 1}/${all}`, sha256(file.subarray(start, end))], range);
  }
  assert.deepEqual(await ask(null), [200, null, MANIFEST.shards[3].sha256]);
  assert.deepEqual(await ask(`bytes=${all}-`), [416, `bytes */${all}`, sha256('')]);
});

test('shards that the reader has cleared are not fetched again', async (t) => {
  const here = await host(t);
  const app = await visit(t, here);
  await reaches(app, 'kept');
  await app.page.evaluate((name) => caches.delete(name), SHARDS);
  await app.page.reload();
  await app.ready();
  await app.selectPoint(0.3);
  await app.page.waitForTimeout(3000);
  assert.equal(await app.page.evaluate((name) => caches.has(name), SHARDS), false);
  // A training keeps what it reads: from then on they are wanted again.
  await app.page.evaluate((name) => caches.open(name), SHARDS);
  await app.page.reload();
  await reaches(app, 'kept');
  app.assertClean();
});

/** A build of which the page's title is another: what a server has after an update. */
function nextBuild(files) {
  const version = 'feedfeedfeedfeed';
  const page = built('index.html').toString().replace(/<title>[^<]*/, '<title>The next Spectrascape').replace(build().version, version);
  const worker = built('sw.js').toString().replace(build().version, version).replace(build().now['index.html'], sha256(page));
  files['/'] = files['/index.html'] = Buffer.from(page);
  files['/sw.js'] = Buffer.from(worker);
}

test('an update: fetched beside the old version, offered, and never mixed with it', async (t) => {
  const here = await host(t);
  const app = await visit(t, here);
  await reaches(app, 'kept');
  await app.page.reload();
  await app.ready();
  const old = await app.page.title();
  const files = await kept(app, FILES);
  assert.equal(await update(app), 'none', 'the same build is no update');

  nextBuild(here.files);
  here.asked.length = 0;
  assert.equal(await update(app), 'installed');
  assert.deepEqual([...new Set(here.asked)].sort(), ['/', '/sw.js'], 'only what has changed is fetched');
  await until('the notice is there', async () => /new version is ready/i.test(await app.text('update')), () => app.describe());
  await app.screenshot('update-offered');
  await app.page.emulateMedia({ colorScheme: 'dark' });
  await app.screenshot('update-offered-dark');
  await app.page.reload();
  await app.ready();
  assert.equal(await app.page.title(), old, 'a reload is still the old version, whole');

  // Another tab still shows the old version.
  const other = await app.page.context().newPage();
  await other.goto(here.url);
  await app.get('update-reload').click();
  await until('it asks to close the other tab', async () => /other tab/i.test(await app.text('update')), () => app.describe());
  assert.equal(await app.page.title(), old);
  await other.close();
  await app.get('update-reload').click();
  await until('the new version is there', async () => (await app.page.title().catch(() => old)) !== old, () => app.describe());
  await app.ready();
  await assertWorks(app);
  await reaches(app, 'kept');
  assert.equal(await app.get('update').count(), 0, 'nothing more to update');
  const now = await kept(app, FILES);
  assert.equal(now.filter((file) => file.startsWith('index.html?')).length, 1, 'the old page is gone');
  assert.equal(now.length, files.length);
  assert.equal((await kept(app, SHARDS)).length, MANIFEST.shards.length, 'the shards have stayed');
  await here.close();
  await app.page.reload();
  await app.ready();
  assert.equal(await app.page.title(), 'The next Spectrascape');
  app.assertClean();
});

/** Valid wasm that does the same, with an empty custom section more: only a hash can tell. */
const tampered = (wasm) => Buffer.concat([wasm, Buffer.from([0, 2, 1, 0x78])]);
const named = (pattern) => Object.keys(build().now).find((path) => pattern.test(path));

test('a damaged update is not taken, and the version before goes on', async (t) => {
  const here = await host(t);
  const app = await visit(t, here, { expectErrors: true });
  await reaches(app, 'kept');
  await app.page.reload();
  await app.ready();
  const before = await kept(app, FILES);
  nextBuild(here.files);
  here.files['/'] = Buffer.concat([here.files['/'], Buffer.from('<!-- one byte too many -->')]);
  assert.equal(await update(app), 'redundant');
  assert.deepEqual(await kept(app, FILES), before);
  assert.equal(await app.get('update').count(), 0);
  await here.close();
  await app.page.reload();
  await app.ready();
  await assertWorks(app);
});

test('a damaged shard is not kept, the others are', async (t) => {
  const [shard] = MANIFEST.shards.slice(4);
  const path = `/data/simulated/${shard.name}`;
  const bad = Buffer.from(built(path));
  bad[bad.length >> 1] ^= 1;
  const here = await host(t, { [path]: bad });
  const app = await visit(t, here, { expectErrors: true });
  await reaches(app, 'unreached');
  assert.match(await app.text('offline'), /next visit fetches the rest/i);
  const found = await kept(app, SHARDS);
  assert.equal(found.length, MANIFEST.shards.length - 1);
  assert.ok(!found.some((file) => file.includes(shard.name)));
  // Repaired, the next visit has it.
  delete here.files[path];
  await app.page.reload();
  await reaches(app, 'kept');
  assert.ok((await kept(app, SHARDS)).some((file) => file.includes(`${shard.name}?sha256=${shard.sha256}`)));
});

test('wasm, scripts and styles that do not fit their hashes are not used', async (t) => {
  const app = await open(t, browser, { expectErrors: true, ready: false, url: (await host(t, { '/engine_cpu_bg.wasm': tampered(built('engine_cpu_bg.wasm')) })).url });
  t.diagnostic(await app.oneClearSentence('engine'));
  for (const pattern of [/^app-.*\.wasm$/, /^app-.*\.js$/]) {
    const file = named(pattern);
    const changed = file.endsWith('.js') ? Buffer.concat([built(file), Buffer.from('\n')]) : tampered(built(file));
    const other = await open(t, browser, { expectErrors: true, ready: false, url: (await host(t, { [`/${file}`]: changed })).url });
    await until(`${file} is refused`, () => other.problems.some((problem) => /integrity|fetch/i.test(problem)), () => other.problems.join('; '));
    assert.equal(await other.get('scatter').count(), 0, `${file} has not run`);
  }
  const style = named(/^style-.*\.css$/);
  const plain = await open(t, browser, { expectErrors: true, ready: false, url: (await host(t, { [`/${style}`]: Buffer.concat([built(style), Buffer.from('\n')]) })).url });
  await plain.get('scatter').waitFor({ state: 'attached' });
  assert.equal(await plain.page.evaluate(() => document.styleSheets.length), 0);
});

test('the build lists every file with its hash, and what the page opens with fits the first visit', () => {
  const { now, later } = build();
  for (const [path, hash] of Object.entries({ ...now, ...later })) assert.equal(sha256(built(path)), hash, path);
  for (const { name, sha256: hash } of MANIFEST.shards) assert.equal(later[`data/simulated/${name}`], hash, name);
  for (const path of ['index.html', 'engine.js', 'engine_cpu.js', 'engine_cpu_bg.wasm', 'manifest.webmanifest', 'models/vae6.safetensors']) assert.ok(now[path], path);
  assert.ok(built('engine.js').includes(`sha256-${sha256(built('engine_cpu_bg.wasm'), 'base64')}`), 'the engine is checked where it is fetched');
  assert.ok(!/\{(integrity|inline-scripts|version|build)/.test(['index.html', 'engine.js', 'sw.js'].map((path) => built(path)).join('\n')), 'every mark is filled in');
});

test('with saving of data on, the page is kept and the shards are not; ?nosw and frames keep nothing', async (t) => {
  const here = await host(t);
  const app = await visit(t, here, { ready: false });
  await app.page.addInitScript(() => Object.defineProperty(navigator.connection, 'saveData', { value: true }));
  await app.page.reload();
  await app.ready();
  await reaches(app, 'saving');
  assert.equal((await kept(app, FILES)).length, Object.keys(build().now).length);
  assert.deepEqual(await kept(app, SHARDS), []);
  assert.ok(await app.get('offline-stop').isHidden(), 'there is nothing to stop');
  await app.get('offline-keep').click();
  await reaches(app, 'kept');
  assert.equal((await kept(app, SHARDS)).length, MANIFEST.shards.length, 'asked for, they are kept');
  const registered = () => app.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  assert.equal(await registered(), 1);
  await app.page.goto(`${here.url}?nosw`);
  await app.ready();
  await until('it is gone', async () => (await registered()) === 0);

  // A frame in another page; its own folder is in charge of neither.
  const framed = await visit(t, { url: `${(await host(t)).url}?nosw` }, { ready: false });
  await framed.page.route('**/frame', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><iframe src="./"></iframe>' }));
  await framed.page.goto(`${framed.origin}/frame`);
  await framed.page.frameLocator('iframe').getByTestId('status').getByText('ready').waitFor();
  await framed.page.waitForTimeout(3000);
  assert.equal(await framed.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});

test('a mobile connection keeps no shards; the keeping stops at a click, stays stopped, and goes on at another', async (t) => {
  const mobile = await visit(t, await host(t), { ready: false });
  await mobile.page.addInitScript(() => Object.defineProperty(navigator.connection, 'type', { value: 'cellular' }));
  await mobile.page.reload();
  await mobile.ready();
  await reaches(mobile, 'saving');
  assert.match(await mobile.text('offline'), /mobile/);

  const app = await visit(t, await host(t), { ready: false });
  // A slow line, so that there is something to stop.
  await app.page.addInitScript(() => {
    const real = window.fetch;
    window.fetch = async (url, options) => {
      if (/shard-/.test(String(url))) {
        await new Promise((go, end) => {
          setTimeout(go, 400);
          options?.signal?.addEventListener('abort', () => end(new Error('stopped')));
        });
      }
      return real(url, options);
    };
  });
  await app.page.reload();
  await app.ready();
  await reaches(app, 'keeping');
  await app.get('offline-stop').click();
  await reaches(app, 'stopped');
  assert.ok((await kept(app, SHARDS)).length < MANIFEST.shards.length);
  await app.page.reload();
  await app.ready();
  await reaches(app, 'stopped');
  await app.get('offline-keep').click();
  await reaches(app, 'kept');
  assert.equal((await kept(app, SHARDS)).length, MANIFEST.shards.length);
  assert.ok(await app.get('offline-keep').isHidden() && await app.get('offline-stop').isHidden());
});

test('the page can be installed', async (t) => {
  const app = await visit(t, await host(t));
  await reaches(app, 'kept');
  const devtools = await app.page.context().newCDPSession(app.page);
  const { errors, data } = await devtools.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // Every test is a private window, which installs nothing.
  assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'), []);
  for (const { src, sizes, type } of JSON.parse(data).icons) {
    const size = await app.page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    if (type === 'image/png') assert.equal(size, sizes, src);
  }
  app.assertClean();
});
