// What the lab keeps on the browser's disk and how shards come over bad lines, in a real Chromium's workers, by itself:
// killed in the middle of a write, on a full disk, in two tabs, behind a server that cuts, lies and forgets.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { launchWithDisk, PATIENCE, sleep } from './harness.mjs';

const parts = process.env.SPECTRASCAPE_PARTS ?? resolve(import.meta.dirname, '../../target/parts');

// The worker: `store_check` and a way to call it. A thrown string travels as it is.
const WORKER = `
  import init, * as check from '/store_check.js';
  let store, stream, canceller;
  const own = {
    open: async () => { store = await check.CheckedStore.open(); },
    start: (set, manifest, order, waits, stall) => {
      stream = new check.CheckedStream(set, manifest, Uint32Array.from(order), Uint32Array.from(waits), stall);
      canceller = stream.cancel();
    },
    next: async () => JSON.parse(await stream.next()),
    cancel: () => canceller.now(),
    online: () => { self.dispatchEvent(new Event('online')); },
    warning: () => stream.warning(),
    progress: () => JSON.parse(check.progress()),
    // Saves one version after the other until the worker is killed.
    save: async (path, version, size) => { for (;; version += 1) { postMessage({ saving: version }); await store.write(path, content(version, size)); postMessage({ saved: version }); } },
    fill: (path, version, size) => store.write(path, content(version, size)),
    // Stops for good in the disk's own function, at its so-many-eth call, with a part of the bytes written.
    stopAt: (name, call, part) => {
      const disk = FileSystemSyncAccessHandle.prototype;
      const real = disk[name];
      let calls = 0;
      disk[name] = function (...args) {
        if (++calls < call) return real.apply(this, args);
        if (name === 'write') args[0] = args[0].subarray(0, args[0].length * part);
        real.apply(this, args);
        postMessage({ stopped: true });
        for (;;);
      };
    },
    version: async (path) => { const bytes = await store.read(path); return bytes ? versionOf(bytes) : null; },
  };
  // A content of one version: its number in every 256th word, so that a mixture of two is seen.
  const bases = {};
  function content(version, size) {
    const words = (bases[size] ??= Uint32Array.from({ length: size / 4 }, (_, i) => Math.imul(i, 2654435761)));
    for (let i = 0; i < words.length; i += 256) words[i] = version;
    return new Uint8Array(words.buffer);
  }
  function versionOf(bytes) {
    const words = new Uint32Array(bytes.buffer);
    for (let i = 0; i < words.length; i += 1) if (words[i] !== (i % 256 ? Math.imul(i, 2654435761) >>> 0 : words[0])) throw 'version ' + words[0] + ' is torn at word ' + i;
    return words[0];
  }
  onmessage = async ({ data: { id, name, args } }) => {
    try {
      const act = own[name] ?? (store?.[name] ? store[name].bind(store) : check[name]);
      postMessage({ id, value: await act(...args) });
    } catch (thrown) {
      postMessage({ id, thrown: String(thrown) });
    }
  };
  await init();
  postMessage({ ready: true });
`;

// On the page: workers by name, calls into them, their notes.
const PAGE = () => {
  const workers = (window.workers = {});
  window.begin = (name) => new Promise((ready, failed) => {
    const worker = new Worker('/worker.mjs', { type: 'module' });
    const calls = new Map();
    const state = (workers[name] = { worker, calls, saved: -1, saving: -1, next: 0 });
    worker.onerror = (event) => failed(new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (data.ready) ready();
      if ('saving' in data) state.saving = data.saving;
      if ('saved' in data) { state.saved = data.saved; state.onsaved?.(); }
      if (data.stopped) state.onstopped();
      if ('id' in data) calls.get(data.id)(data);
    };
  });
  window.call = (name, what, ...args) => new Promise((done) => {
    const { worker, calls } = workers[name];
    const id = (workers[name].next += 1);
    calls.set(id, done);
    worker.postMessage({ id, name: what, args });
  });
  window.end = (name) => { workers[name].worker.terminate(); const state = workers[name]; delete workers[name]; return state; };
  // Which slots are being written: they begin with zeros.
  window.struckOut = async (name) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('spectrascape');
    const found = [];
    for (const slot of ['a', 'b']) {
      const handle = await folder.getFileHandle(name + '.' + slot).catch(() => null);
      if (!handle) continue;
      const first = new Uint8Array(await (await handle.getFile()).slice(0, 32).arrayBuffer());
      found.push(first.length < 32 || first.every((byte) => byte === 0));
    }
    return found;
  };
};

/** Six shards of random bytes that say nothing, and a manifest of them. */
const SHARDS = Array.from({ length: 6 }, (_, index) => {
  const bytes = Buffer.alloc(200_000 + 1000 * index);
  let x = index + 1;
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = (x = (Math.imul(x, 1103515245) + 12345) >>> 0) >>> 16;
  return { name: `shard-00${index}.safetensors`, bytes, sha256: createHash('sha256').update(bytes).digest('hex'), count: 10 + index };
});
const TOTAL = SHARDS.reduce((sum, shard) => sum + shard.bytes.length, 0);
const MANIFEST = Buffer.from(JSON.stringify({
  format: 1, name: 'test', title: 'Bytes that say nothing', simulated: true, license: 'CC0-1.0', provenance: 'made in a test', seed: null,
  grid: { coeff0: 3.53, coeff1: 0.00039, pixels: 1000 }, normalization: 'rms', count: SHARDS.reduce((sum, shard) => sum + shard.count, 0),
  split_seed: 1, class_names: [], columns: [], mean_spectrum: 'mean', catalogue: 'catalogue',
  shards: SHARDS.map(({ name, bytes, count, sha256 }) => ({ name, bytes: bytes.length, count, sha256 })),
}));

/** A server of shards. `behave(request)` changes what happens to one: see `send`. It notes every request for a shard. */
async function shardServer(t) {
  const server = { requests: [], behave: () => ({}) };
  const http = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const shard = SHARDS.find(({ name }) => path === `/set/${name}`);
    if (shard) return send(server, shard, request, response);
    const type = path.endsWith('.wasm') ? 'application/wasm' : /\.m?js$/.test(path) ? 'text/javascript' : 'text/html';
    response.setHeader('Content-Type', type);
    if (path === '/worker.mjs') return response.end(WORKER);
    if (path === '/') return response.end('<!doctype html><title>store</title>');
    const file = join(parts, path);
    return existsSync(file) ? response.end(readFileSync(file)) : response.writeHead(404).end();
  });
  await new Promise((listening) => http.listen(0, '127.0.0.1', listening));
  server.url = `http://127.0.0.1:${http.address().port}`;
  t.after(() => new Promise((closed) => { http.close(closed); http.closeAllConnections(); }));
  return server;
}

function send(server, shard, request, response) {
  const tries = server.requests.filter(({ name }) => name === shard.name).length;
  const note = { name: shard.name, tries, range: request.headers.range ?? '', ifRange: request.headers['if-range'] ?? '', cacheControl: request.headers['cache-control'] ?? '' };
  server.requests.push(note);
  const { bytes = shard.bytes, cut, status, ignoresRanges, refuses, stalls, headers = {}, pace } = server.behave(note);
  if (refuses) return request.socket.destroy();
  if (status) return response.writeHead(status).end();
  const from = ignoresRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(note.range)?.[1] ?? 0);
  const more = { 'Content-Type': 'application/octet-stream', ETag: `"${shard.sha256.slice(0, 8)}"`, 'Cache-Control': 'no-store', ...headers };
  if (from > 0 && (from >= bytes.length)) return response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
  const ranged = from > 0 ? { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { ...more, ...ranged, 'Content-Length': bytes.length - from });
  const rest = bytes.subarray(from);
  if (stalls !== undefined) return response.write(rest.subarray(0, stalls));
  if (cut !== undefined && cut < rest.length) return response.write(rest.subarray(0, cut), () => setTimeout(() => request.socket.destroy(), 30));
  if (!pace) return response.end(rest);
  const write = (at) => (at < rest.length ? (response.write(rest.subarray(at, at + 20_000)), setTimeout(write, pace, at + 20_000)) : response.end());
  return write(0);
}

let context;
let profile;
before(async () => {
  assert.ok(existsSync(join(parts, 'store_check.js')), `no store_check in ${parts}: run these tests by \`cargo xtask browser\``);
  profile = mkdtempSync(join(tmpdir(), 'spectrascape-store-'));
  context = await launchWithDisk(profile);
});
after(async () => {
  await context?.close();
  if (profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

/** A tab on a server, with workers that are called by name. */
async function open(t, server, { context: other } = {}) {
  const page = await (other ?? context).newPage();
  page.setDefaultTimeout(PATIENCE);
  t.after(() => page.close().catch(() => {}));
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.addInitScript(PAGE);
  await page.goto(`${server.url}/`);
  const tab = {
    page,
    problems,
    begin: (name = 'worker') => page.evaluate((name) => window.begin(name), name),
    end: (name = 'worker') => page.evaluate((name) => { const { saved, saving } = window.end(name); return { saved, saving }; }, name),
    /** The answer, or the sentence that was thrown. */
    tell: (name, what, ...args) => page.evaluate(([name, what, args]) => window.call(name, what, ...args), [name, what, args]),
    call: async (what, ...args) => {
      const { value, thrown } = await tab.tell('worker', what, ...args);
      assert.equal(thrown, undefined, what);
      return value;
    },
    thrown: async (what, ...args) => {
      const { value, thrown } = await tab.tell('worker', what, ...args);
      assert.ok(thrown, `${what} must not work; it gave ${JSON.stringify(value)}`);
      return thrown;
    },
    /** Begins to stream these shards. */
    stream: (order = SHARDS.map((_, index) => index), waits = [20, 40, 80], stall = 20_000) =>
      page.evaluate(([json, ...rest]) => window.call('worker', 'start', '/set/', new TextEncoder().encode(json), ...rest), [MANIFEST.toString(), order, waits, stall])
        .then(({ thrown }) => assert.equal(thrown, undefined)),
    /** Takes them all; they must be these. */
    takeAll: async (order = SHARDS.map((_, index) => index)) => {
      for (const index of order) assert.deepEqual(await tab.call('next'), [index, SHARDS[index].sha256]);
      assert.equal(await tab.call('next'), null, 'nothing after the last');
      const [bytes, allBytes, spectra, allSpectra] = (await tab.call('progress')).at(-1);
      assert.deepEqual([bytes, spectra], [allBytes, allSpectra], 'everything has come');
    },
    quota: async (quotaSize) => {
      const cdp = await page.context().newCDPSession(page);
      await cdp.send('Storage.overrideQuotaForOrigin', { origin: server.url, ...(quotaSize === undefined ? {} : { quotaSize }) });
      return cdp;
    },
  };
  await tab.begin();
  return tab;
}

/** Never falls, never over all. */
function assertClimbs(progress) {
  for (const [index, [bytes, allBytes, spectra, allSpectra]] of progress.entries()) {
    const [before, , spectraBefore] = progress[index - 1] ?? [0, 0, 0];
    assert.ok(bytes >= before && bytes <= allBytes && spectra >= spectraBefore && spectra <= allSpectra, `report ${index}: ${progress[index]}`);
  }
}

test('files are written, read, listed, removed', async (t) => {
  const tab = await open(t, await shardServer(t));
  await tab.call('open');
  assert.equal(await tab.call('version', 'runs/None/checkpoint'), null, 'never saved');
  for (const version of [1, 2, 3]) await tab.call('fill', 'runs/First try/checkpoint', version, 40_000 - 4000 * version);
  await tab.call('fill', 'runs/É 2/checkpoint', 9, 400);
  assert.equal(await tab.call('version', 'runs/First try/checkpoint'), 3);
  assert.deepEqual(JSON.parse(await tab.call('list', 'runs/')), [['runs/First try/checkpoint', 28_032 + 32_032], ['runs/É 2/checkpoint', 432]]);
  assert.deepEqual(JSON.parse(await tab.call('list', 'other/')), []);
  const usage = JSON.parse(await tab.call('usage'));
  assert.equal(usage.files, 28_032 + 32_032 + 432);
  assert.ok(usage.site > 0 && usage.quota > usage.site, JSON.stringify(usage));
  await tab.call('remove', 'runs/First try/checkpoint');
  await tab.call('remove', 'runs/First try/checkpoint');
  assert.equal(await tab.call('version', 'runs/First try/checkpoint'), null);
  await tab.call('clear');
  assert.deepEqual(JSON.parse(await tab.call('list', '')), []);
  await tab.call('fill', 'runs/É 2/checkpoint', 10, 400);
  assert.equal(await tab.call('version', 'runs/É 2/checkpoint'), 10, 'a store that was cleared takes files again');
  assert.equal(typeof (await tab.call('is_kept')), 'boolean');
  assert.deepEqual(tab.problems, []);
});

/** Saves version after version, ends it at a random moment by `kill`, and returns what was saved, begun, and then found. */
async function killed(tab, version, size, kill) {
  const { saved, saving } = await tab.page.evaluate(async ([version, size, wait]) => {
    await window.call('worker', 'open');
    window.call('worker', 'save', 'run', version, size);
    await new Promise((saved) => { window.workers.worker.onsaved = saved; });
    // Somewhere in the next few writes.
    await new Promise((done) => setTimeout(done, wait));
    const { saved, saving } = window.workers.worker;
    return { saved, saving };
  }, [version, size, Math.random() * 200]);
  const next = await kill(tab);
  const inTheMiddle = (await next.page.evaluate(() => window.struckOut('run'))).some(Boolean);
  await next.call('open');
  const found = await next.call('version', 'run');
  // It went on for a moment after its last note.
  assert.ok(found >= saved, `${saved} was saved, ${saving} was begun, ${found} was found`);
  return { tab: next, version: found + 1, inTheMiddle };
}

test('a worker ended while it writes leaves the old or the new version, 100 times', async (t) => {
  let at = { tab: await open(t, await shardServer(t)), version: 1 };
  for (let round = 0; round < 100; round += 1) {
    at = await killed(at.tab, at.version, 2_000_000, async (tab) => { await tab.end(); await tab.begin(); return tab; });
  }
  t.diagnostic(`${at.version} versions in all`);
  assert.deepEqual(at.tab.problems, []);
});

test('a tab that crashes while it writes leaves the old or the new version', async (t) => {
  const server = await shardServer(t);
  let at = { tab: await open(t, server), version: 1 };
  let inTheMiddle = 0;
  for (let round = 0; round < 8; round += 1) {
    at = await killed(at.tab, at.version, 8_000_000, async (tab) => {
      const crashed = new Promise((done) => tab.page.once('crash', done));
      const cdp = await tab.page.context().newCDPSession(tab.page);
      cdp.send('Page.crash').catch(() => {});
      await crashed;
      await tab.page.close();
      return open(t, server);
    });
    inTheMiddle += at.inTheMiddle ? 1 : 0;
  }
  t.diagnostic(`${inTheMiddle} of 8 in the middle of a write, ${at.version} versions in all`);
});

test('stopped at each step of a write: the old version, and after the header the new one', async (t) => {
  const tab = await open(t, await shardServer(t));
  await tab.call('open');
  for (const version of [1, 2]) await tab.call('fill', 'run', version, 40_000);
  let newest = 2;
  // Of the disk's own functions: strike out, half of the content, all of it, cut, flush, half of the header, all, flush.
  const STEPS = [['write', 1, 1], ['write', 2, 0.5], ['write', 2, 1], ['truncate', 1, 1], ['flush', 1, 1], ['write', 3, 0.5], ['write', 3, 1], ['flush', 2, 1]];
  for (const [name, call, part] of STEPS) {
    const stopped = tab.page.evaluate(() => new Promise((done) => { window.workers.worker.onstopped = done; }));
    await tab.call('stopAt', name, call, part);
    const written = tab.tell('worker', 'fill', 'run', newest + 1, 30_000);
    written.catch(() => {});
    await stopped;
    await tab.end();
    await tab.begin();
    await tab.call('open');
    const found = await tab.call('version', 'run');
    const isNew = (name === 'write' && call === 3 && part === 1) || (name === 'flush' && call === 2);
    assert.equal(found, isNew ? newest + 1 : newest, `stopped in ${name} ${call} after ${part} of it`);
    await tab.call('fill', 'run', found + 1, 20_000);
    newest = found + 1;
    assert.equal(await tab.call('version', 'run'), newest, 'and it can be written on');
  }
});

test('a file that is damaged on the disk: the older version, and when that is too, words', async (t) => {
  const tab = await open(t, await shardServer(t));
  await tab.call('open');
  for (const version of [1, 2]) await tab.call('fill', 'run', version, 4000);
  const spoil = (slot) => tab.page.evaluate(async (slot) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('spectrascape');
    const writable = await (await folder.getFileHandle(`run.${slot}`)).createWritable({ keepExistingData: true });
    await writable.write({ type: 'write', position: 2000, data: new Uint8Array([1, 2, 3]) });
    await writable.close();
  }, slot);
  await spoil('b');
  assert.equal(await tab.call('version', 'run'), 1);
  await spoil('a');
  const words = await tab.thrown('read', 'run');
  assert.match(words, /^damaged: run as stored in this browser is damaged/);
  await tab.call('fill', 'run', 3, 4000);
  assert.equal(await tab.call('version', 'run'), 3, 'it can be written anew');
});

test('on a full disk the older version stays, and later saves work again', async (t) => {
  const tab = await open(t, await shardServer(t));
  await tab.call('open');
  await tab.call('clear');
  await tab.call('fill', 'run', 1, 8_000_000);
  const { site } = JSON.parse(await tab.call('usage'));
  // A small file needs a megabyte of room too: Chromium hands out room in such pieces.
  await tab.quota(site + 3_000_000);
  const words = await tab.thrown('fill', 'run', 2, 8_000_000);
  t.diagnostic(words);
  assert.match(words, /^full: run could not be saved, the browser's storage is full/);
  assert.equal(await tab.call('version', 'run'), 1);
  await tab.call('fill', 'small', 5, 400);
  assert.equal(await tab.call('version', 'small'), 5, 'what fits is saved');
  await tab.quota();
  await tab.call('fill', 'run', 3, 8_000_000);
  assert.equal(await tab.call('version', 'run'), 3);
});

test('two tabs: a run is in use in one, and free when its worker ends', async (t) => {
  const server = await shardServer(t);
  const [one, two] = [await open(t, server), await open(t, server)];
  assert.equal(await one.call('lock', 'First try'), true);
  assert.equal(await two.call('lock', 'First try'), false);
  assert.equal(await two.call('lock', 'Second'), true);
  assert.deepEqual(JSON.parse(await two.call('in_use')).sort(), ['First try', 'Second']);
  await one.end();
  assert.equal(await two.call('lock', 'First try'), true, 'a worker that ended holds nothing');
  await one.begin();
  assert.equal(await one.call('lock', 'First try'), false);
  await two.call('unlock', 'First try');
  assert.equal(await one.call('lock', 'First try'), true, 'given back');
  await one.page.close();
  assert.equal(await two.call('lock', 'First try'), true, 'a tab that was closed holds nothing');
});

test('two tabs that write the same file never tear it', async (t) => {
  const server = await shardServer(t);
  const [one, two] = [await open(t, server), await open(t, server)];
  for (const tab of [one, two]) await tab.call('open');
  const write = async (tab, first) => { for (let version = first; version < first + 20; version += 1) await tab.call('fill', 'shared', version, 200_000); };
  const read = async (tab) => { for (let i = 0; i < 20; i += 1) assert.ok((await tab.call('version', 'shared')) !== undefined); };
  await Promise.all([write(one, 100), write(two, 500), read(one), read(two)]);
  assert.ok([119, 519].includes(await one.call('version', 'shared')));
});

test('shards come in the order asked for, and on the next visit without the server', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  const order = [4, 0, 5, 1, 2, 3];
  assert.equal(await tab.call('cached_bytes'), 0);
  await tab.stream(order);
  await tab.takeAll(order);
  assertClimbs(await tab.call('progress'));
  assert.equal(server.requests.length, 6);
  assert.ok(server.requests.every(({ range }) => range === ''));
  assert.equal(await tab.call('cached_bytes'), TOTAL);
  const keys = await tab.page.evaluate(async () => (await (await caches.open('spectrascape-shards-v1')).keys()).map(({ url }) => url));
  assert.deepEqual(keys.sort(), SHARDS.map(({ name, sha256 }) => `${server.url}/set/${name}?sha256=${sha256}`));

  server.behave = () => ({ refuses: true });
  await tab.end();
  await tab.begin();
  await tab.stream(order);
  await tab.takeAll(order);
  assert.equal(server.requests.length, 6, 'no request on the second visit');

  await tab.call('clear_cache');
  assert.equal(await tab.call('cached_bytes'), 0);
  server.behave = () => ({});
  await tab.stream([2]);
  await tab.takeAll([2]);
  assert.equal(server.requests.length, 7);
});

test('the first shard is there before the last has begun, and at most three are under way', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  server.behave = () => ({ pace: 20 });
  await tab.stream();
  assert.deepEqual(await tab.call('next'), [0, SHARDS[0].sha256]);
  assert.ok(server.requests.length <= 4, `${server.requests.length} shards were asked for when the first was there`);
  const half = (await tab.call('progress')).filter(([bytes]) => bytes > 0 && bytes < SHARDS[0].bytes.length);
  assert.ok(half.length > 0, 'progress is told while a shard is on its way');
  for (const index of [1, 2, 3, 4, 5]) assert.deepEqual(await tab.call('next'), [index, SHARDS[index].sha256]);
});

test('a server that cuts every connection: each goes on where the last ended', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  server.behave = () => ({ cut: 70_000 });
  await tab.stream();
  await tab.takeAll();
  const progress = await tab.call('progress');
  assertClimbs(progress);
  assert.ok(progress.some(([, , , , retryIn]) => retryIn === 20), 'that it waits is told');
  const first = server.requests.filter(({ name }) => name === SHARDS[0].name);
  assert.ok(first.length >= 3, JSON.stringify(first));
  assert.ok(first.slice(1).every(({ range, ifRange }) => /^bytes=[1-9]\d*-$/.test(range) && ifRange === `"${SHARDS[0].sha256.slice(0, 8)}"`), JSON.stringify(first));
});

test('a server that ignores ranges starts a shard again', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  server.behave = ({ tries }) => ({ ignoresRanges: true, ...(tries < 2 ? { cut: 70_000 + 50_000 * tries } : {}) });
  await tab.stream();
  await tab.takeAll();
  assertClimbs(await tab.call('progress'));
});

test('a lost connection is given up in words, and goes on later from what came', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  server.behave = ({ tries }) => (tries === 0 ? { cut: 150_000 } : { refuses: true });
  await tab.stream();
  const words = await tab.thrown('next');
  t.diagnostic(words);
  assert.match(words, /^lost: the connection was lost while shard-000\.safetensors was loading, \d+ of 2 MB of spectra are here: check the connection/);
  const before = server.requests.length;
  server.behave = () => ({});
  await tab.takeAll();
  const again = server.requests.slice(before).find(({ name }) => name === SHARDS[0].name);
  assert.match(again.range, /^bytes=[1-9]\d+-$/, 'not from the beginning');
});

test('going on after a loss gives the shards that were under way their retries again', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  // The first shard is given up at once; the others hang until long after.
  server.behave = ({ name }) => (name === SHARDS[0].name ? { refuses: true } : { stalls: 10_000 });
  await tab.stream([0, 1, 2], [], 700);
  assert.match(await tab.thrown('next'), /^lost: .*shard-000/);
  server.behave = () => ({});
  await tab.takeAll([0, 1, 2]);
});

test('a connection that brings nothing is broken off and begun again', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  server.behave = ({ tries }) => (tries === 0 ? { stalls: 65_536 } : {});
  await tab.stream([0], [20], 700);
  await tab.takeAll([0]);
  assert.deepEqual(server.requests.map(({ range }) => range), ['', 'bytes=65536-']);
});

test('the browser coming online ends a wait', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  let online = false;
  server.behave = () => (online ? {} : { refuses: true });
  // Without the event it would wait longer than this test may take.
  await tab.stream([0], [3_600_000]);
  const next = tab.call('next');
  while (server.requests.length === 0) await sleep(20);
  online = true;
  await sleep(200);
  await tab.call('online');
  assert.deepEqual(await next, [0, SHARDS[0].sha256]);
});

test('a server that is busy is asked again; one that has no such file is not', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  server.behave = ({ tries }) => (tries < 2 ? { status: 503 } : {});
  await tab.stream([0]);
  await tab.takeAll([0]);
  server.behave = () => ({ status: 404 });
  await tab.stream([3]);
  assert.equal(await tab.thrown('next'), 'refused: shard-003.safetensors could not be loaded: the server answered 404');
  assert.equal(server.requests.length, 4);
});

const spoilt = (bytes) => { const copy = Buffer.from(bytes); copy[copy.length >> 1] ^= 0xff; return copy; };

test('a spoilt shard in a cache on the way is fetched once more from the server', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  const old = { headers: { 'Cache-Control': 'max-age=3600' } };
  server.behave = () => ({ ...old, bytes: spoilt(SHARDS[1].bytes) });
  // The browser's own cache now has the spoilt one.
  await tab.page.evaluate((url) => fetch(url).then((response) => response.arrayBuffer()), `/set/${SHARDS[1].name}`);
  server.behave = () => old;
  await tab.stream([1]);
  await tab.takeAll([1]);
  assert.equal(server.requests.length, 2);
  assert.equal(server.requests[1].cacheControl, 'no-cache', 'past the cache');
});

for (const [what, behave] of Object.entries({
  'is spoilt': (shard) => ({ bytes: spoilt(shard.bytes) }),
  'is too long': (shard) => ({ bytes: Buffer.concat([shard.bytes, shard.bytes]) }),
  'is too short': (shard) => ({ bytes: shard.bytes.subarray(0, 1000) }),
})) {
  test(`a shard that ${what} on the server: an error names it, the ones before it are there`, async (t) => {
    const server = await shardServer(t);
    const tab = await open(t, server);
    server.behave = ({ name }) => (name === SHARDS[1].name ? behave(SHARDS[1]) : {});
    await tab.stream();
    assert.deepEqual(await tab.call('next'), [0, SHARDS[0].sha256]);
    const words = await tab.thrown('next');
    assert.match(words, /^damaged: shard-001\.safetensors is damaged on the server/);
    server.behave = () => ({});
    for (const index of [1, 2, 3, 4, 5]) assert.deepEqual(await tab.call('next'), [index, SHARDS[index].sha256], 'mended on the server');
  });
}

test('a shard that is spoilt in the browser\'s own keeping is fetched anew', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  await tab.page.evaluate(async (key) => (await caches.open('spectrascape-shards-v1')).put(key, new Response('nonsense')), `/set/${SHARDS[0].name}?sha256=${SHARDS[0].sha256}`);
  await tab.stream([0]);
  await tab.takeAll([0]);
  assert.equal(server.requests.length, 1);
  assert.equal(await tab.call('cached_bytes'), SHARDS[0].bytes.length);
});

test('a new version of a shard takes the place of the old one', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  await tab.page.evaluate(async (key) => (await caches.open('spectrascape-shards-v1')).put(key, new Response('older')), `/set/${SHARDS[0].name}?sha256=0123`);
  await tab.stream([0]);
  await tab.takeAll([0]);
  assert.equal(await tab.call('cached_bytes'), SHARDS[0].bytes.length);
});

test('on a full disk shards come all the same, and it is said once', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  await tab.call('open');
  const { site } = JSON.parse(await tab.call('usage'));
  await tab.quota(site + 1000);
  await tab.stream();
  await tab.takeAll();
  const words = await tab.call('warning');
  t.diagnostic(String(words));
  assert.match(words, /storage is full/);
  assert.ok(!(await tab.call('warning')), 'once');
  await tab.quota();
});

test('a stream is stopped while it loads and while it waits', async (t) => {
  const server = await shardServer(t);
  const tab = await open(t, server);
  for (const behave of [() => ({ stalls: 1000 }), () => ({ refuses: true })]) {
    server.behave = behave;
    server.requests.length = 0;
    await tab.stream([0, 1, 2], [3_600_000], 3_600_000);
    const next = tab.tell('worker', 'next');
    while (server.requests.length < 3) await sleep(20);
    await sleep(200);
    await tab.call('cancel');
    assert.deepEqual((await next).thrown, 'cancelled: loading the spectra was stopped');
  }
  assert.deepEqual(tab.problems, []);
});
