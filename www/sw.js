// The service worker: keeps the page on this device, so that it opens and works without a network.
//
// One idea: a file is kept under its address and its SHA-256, and a worker knows the hashes of one build. So files of
// two builds never mix, a damaged file is never kept, and an update fetches only what has changed.

/** This build, written by `cargo xtask seal`: its version; what the page opens with, and all else; each file's SHA-256. */
const BUILD = '{build}';

const FILES = 'spectrascape-files-v1';
/** Shared with the trainer, which keeps the shards that it trains on under the same keys. */
const SHARDS = 'spectrascape-shards-v1';
const FOLDER = self.registration.scope;

/** A page's own policy does not bind its workers: their scripts bring one. */
const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

const hashOf = (path) => BUILD.now[path] ?? BUILD.later[path];
const keyOf = (path) => `${FOLDER}${path}?sha256=${hashOf(path)}`;
const isShard = (path) => /^data\/.*\bshard-[^/]*$/.test(path);

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if (event.data === 'version') event.ports[0].postMessage(BUILD.version);
  if (event.data === 'take over') event.waitUntil(takeOver(event.source));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !request.url.startsWith(FOLDER) || url.searchParams.has('nosw')) return;
  // Who asks past all caches has found something wrong with what was there.
  if (request.cache === 'reload' && request.mode !== 'navigate') return;
  const path = decodeURIComponent(url.pathname.slice(new URL(FOLDER).pathname.length)) || 'index.html';
  // What can be had nowhere is an error for the page, not one of this worker's.
  const otherwise = () => fetch(request).catch(() => Response.error());
  if (hashOf(path)) event.respondWith(answer(request, path).catch(otherwise));
});

/** Fetches what the page opens with. If one file is missing or damaged, the version before stays. */
async function install() {
  const cache = await caches.open(FILES);
  const kept = new Set((await cache.keys()).map((request) => request.url));
  await Promise.all(Object.keys(BUILD.now).filter((path) => !kept.has(keyOf(path))).map(keep));
}

/** Drops what belonged to other builds; shards stay, but for those that this build has with other contents. */
async function activate() {
  const current = new Set([...Object.keys(BUILD.now), ...Object.keys(BUILD.later)].map(keyOf));
  const files = await caches.open(FILES);
  for (const { url } of await files.keys()) if (!current.has(url)) await files.delete(url);
  // Only the page opens that cache anew: its absence says that the reader has cleared it.
  const shards = (await caches.has(SHARDS)) && (await caches.open(SHARDS));
  for (const { url } of shards ? await shards.keys() : []) {
    const replaced = url.startsWith(FOLDER) && hashOf(url.slice(FOLDER.length).split('?')[0]) && !current.has(url);
    if (replaced) await shards.delete(url);
  }
  await self.clients.claim();
}

/** Becomes the worker in charge, unless the version before is open in other tabs too: they would mix with this one. */
async function takeOver(tab) {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const others = windows.filter(({ id, url }) => id !== tab.id && url.startsWith(FOLDER)).length;
  if (others > 0) tab.postMessage({ others });
  else await self.skipWaiting();
}

/** Fetches a file, checks it, and keeps it. */
async function keep(path) {
  const integrity = `sha256-${base64(hashOf(path))}`;
  // Some servers send `index.html` elsewhere, and only the folder is never a redirection.
  const url = path === 'index.html' ? FOLDER : FOLDER + path;
  const stale = () => fetch(url, { integrity, cache: 'reload' });
  const response = await fetch(url, { integrity }).catch(stale);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const file = path.endsWith('.js') ? withPolicy(response) : response;
  const cache = await caches.open(FILES);
  await cache.put(keyOf(path), file.clone());
  return file;
}

function withPolicy(response) {
  const headers = new Headers(response.headers);
  headers.set('Content-Security-Policy', WORKER_POLICY);
  return new Response(response.body, { status: response.status, headers });
}

/** A file of this build: as it is kept, or fetched and kept. */
async function answer(request, path) {
  let file = await caches.match(keyOf(path), { cacheName: isShard(path) ? SHARDS : FILES });
  if (!file) {
    // Single spectra are short ranges of a shard: those that are not kept yet come from the server, a range at a time.
    if (isShard(path)) return fetch(request);
    try {
      file = await keep(path);
    } catch {
      // What is not part of the first view may be had unchecked: the page reads it and says what is wrong with it.
      if (request.mode === 'navigate' || !BUILD.now[path]) return fetch(request);
      self.registration.update();
      return Response.error();
    }
  }
  const range = request.headers.get('Range');
  return range ? part(file, range) : file;
}

/** The part of a whole file that a Range header asks for. [RFC 9110, section 14] */
async function part(file, range) {
  const bytes = await file.blob();
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? ['', '', ''];
  if (first === '' && last === '') return new Response(bytes, { headers: file.headers });
  const start = first === '' ? Math.max(0, bytes.size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes.size : Math.min(Number(last) + 1, bytes.size);
  if (start >= end) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${bytes.size}` } });
  const headers = {
    'Content-Type': file.headers.get('Content-Type') ?? 'application/octet-stream',
    'Content-Range': `bytes ${start}-${end - 1}/${bytes.size}`,
    'Content-Length': String(end - start),
    'Accept-Ranges': 'bytes',
  };
  return new Response(bytes.slice(start, end), { status: 206, statusText: 'Partial Content', headers });
}

function base64(hex) {
  return btoa(String.fromCharCode(...hex.match(/../g).map((byte) => parseInt(byte, 16))));
}
