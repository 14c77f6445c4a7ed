// The page without a network: registers the service worker, keeps the shards, and says when there is a new version.
//
// What happens is told to whoever listens, as `spectrascape:offline` on the window: `{ state, kept, total }`, in bytes,
// where the state is `keeping`, `kept`, `full`, `saving` (the device saves data, or pays for it), `stopped` or `cleared` (both by the
// reader), or `unreached`.

/** Shared with the service worker and with the trainer: the key of a shard is its address and `?sha256=`. */
const SHARDS = 'spectrascape-shards-v1';
/** The service worker's, under keys of the same kind. */
const FILES = 'spectrascape-files-v1';
/** Models that lessons open besides the one that the page opens with. */
const LESSON_MODELS = ['ae6'];
/** In localStorage, once all of them have been kept. */
const KEPT = 'spectrascape-shards-kept';
/** In localStorage, from the time that the reader has stopped the keeping until it is asked for again. */
const STOPPED = 'spectrascape-keeping-stopped';
/** The page is ready long before; one that never is shall still be updated, milliseconds. */
const PATIENCE = 60_000;
const HOUR = 3_600_000;

// Empty while the page is being worked on.
const version = document.querySelector('meta[name="version"]').content;
const unwanted = version === '' || new URLSearchParams(location.search).has('nosw');
const workers = navigator.serviceWorker;
/** Ends the download in progress. */
let download = new AbortController();

// Only secure addresses have service workers; a frame in another page keeps nothing.
if (workers && window.top === window) (unwanted ? leave() : begin()).catch((error) => console.warn(error));

/** The page as the server has it: for whoever changes it, and for a way out should a worker ever be wrong. */
async function leave() {
  const registration = await workers.getRegistration();
  await registration?.unregister();
}

async function begin() {
  // On a first visit nothing is fetched before the page is ready, and then most comes out of the browser's own cache.
  if (!workers.controller) await pageIsReady();
  const registration = await workers.register('./sw.js', { updateViaCache: 'none' });
  if (!registration) return;
  watch(registration);
  setInterval(() => registration.update().catch(() => {}), HOUR);
  await workers.ready;
  await pageIsReady();
  window.addEventListener('online', () => keep());
  window.addEventListener('spectrascape:cleared', sayCleared);
  await keep();
}

/** Keeps all in one tab at a time; the next one finds it kept. `asked` says that the reader wants it on any connection. */
function keep(asked = false) {
  return navigator.locks.request('spectrascape-keep-shards', () => keepAll(asked)).catch((error) => console.warn(error));
}

function stop() {
  localStorage.setItem(STOPPED, 'yes');
  download.abort();
}

function goOn() {
  localStorage.removeItem(STOPPED);
  download = new AbortController();
  keep(true);
}

const isStopped = () => localStorage.getItem(STOPPED) !== null;
const savesData = ({ saveData, type } = {}) => saveData === true || type === 'cellular';

async function pageIsReady() {
  const end = Date.now() + PATIENCE;
  const ready = () => document.querySelector('[data-testid="status"]')?.textContent.trim() === 'ready';
  while (!ready() && Date.now() < end) await new Promise((later) => setTimeout(later, 500));
}

/** Offers every version that comes after this one. */
function watch(registration) {
  const offerWhenInstalled = (worker) => {
    const look = () => worker.state === 'installed' && workers.controller && offer(worker);
    worker.addEventListener('statechange', look);
    look();
  };
  if (registration.waiting) offerWhenInstalled(registration.waiting);
  if (registration.installing) offerWhenInstalled(registration.installing);
  registration.addEventListener('updatefound', () => offerWhenInstalled(registration.installing));
  // On a first visit the worker can be newer than the page, when the server changed in between.
  const first = !workers.controller;
  workers.addEventListener('controllerchange', async () => {
    if (first && (await versionOf(workers.controller)) !== version) offer(null);
  }, { once: true });
}

function versionOf(worker) {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage('version', [port2]);
  return new Promise((heard) => { port1.onmessage = ({ data }) => heard(data); });
}

/** Says that a new version is ready; its worker takes over when the reader wants it. */
function offer(worker) {
  document.querySelector('.update')?.remove();
  const words = element('p', {}, 'A new version is ready.');
  const reload = element('button', { type: 'button', class: 'primary', 'data-testid': 'update-reload' }, 'Reload');
  const wait = element('button', { type: 'button', class: 'quiet' }, 'Later');
  const notice = element('aside', { class: 'update', 'aria-label': 'Update', role: 'status', 'data-testid': 'update' });
  document.body.append(notice);
  notice.append(words, reload, wait);
  wait.addEventListener('click', () => notice.remove());
  reload.addEventListener('click', () => {
    if (!worker) return location.reload();
    workers.addEventListener('controllerchange', () => location.reload(), { once: true });
    worker.postMessage('take over');
  });
  workers.addEventListener('message', ({ data }) => {
    if (!data.others) return;
    const tabs = data.others === 1 ? 'the other tab' : `the ${data.others} other tabs`;
    words.textContent = `A new version is ready. Close ${tabs} with this page first, so that old and new do not mix.`;
  });
}

/**
 * Keeps what the page does not open with, one by one, each checked: the models of lessons, and the shards, from which single spectra and
 * training are read.
 */
async function keepAll(asked) {
  // All were kept, and the browser has no such cache: the reader has cleared it, and is not sent it all again.
  if (await wereCleared()) return tell('cleared', 0, 0);
  const library = await (await fetch('./library.json')).json();
  const set = `./data/${encodeURIComponent(library.opens.set)}/`;
  const manifest = await (await fetch(`${set}manifest.json`)).json();
  const shards = manifest.shards.map((shard) => ({ ...shard, path: set + shard.name, store: SHARDS }));
  const files = [...modelsOfLessons(library), ...shards];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const saving = !asked && savesData(navigator.connection);
  let [kept, state] = [0, 'keeping'];
  for (const { path, bytes, sha256, store } of files) {
    const cache = await caches.open(store);
    const url = new URL(path, document.baseURI).href;
    const key = `${url}?sha256=${sha256}`;
    // Looked up one by one: a training that runs meanwhile keeps shards, too.
    if (!(await cache.match(key))) {
      if (saving || isStopped()) continue;
      tell(state, kept, total);
      const { signal } = download;
      const response = await fetch(url, { integrity: `sha256-${base64(sha256)}`, priority: 'low', signal }).catch(() => null);
      // One that is missing or damaged: the others are kept, and the next visit tries again.
      if (!response?.ok) continue;
      const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes };
      state = await cache.put(key, new Response(response.body, { headers })).then(() => state, () => (signal.aborted ? state : 'full'));
      if (state === 'full') break;
      if (signal.aborted) continue;
    }
    kept += bytes;
  }
  if (kept === total) localStorage.setItem(KEPT, 'yes');
  if (state !== 'full') state = kept === total ? 'kept' : isStopped() ? 'stopped' : saving ? 'saving' : 'unreached';
  tell(state, kept, total);
}

/** The files of the models that lessons open: latents and weights. */
function modelsOfLessons({ opens, models, pairs }) {
  const wanted = ({ model }) => LESSON_MODELS.includes(model);
  const weights = models.map((model) => ({ ...model, model: model.name, path: `./models/${model.name}.safetensors` }));
  const latents = pairs.filter(({ set }) => set === opens.set).map((pair) => ({ ...pair, path: `./${pair.latents}` }));
  return [...latents, ...weights].filter(wanted).map((file) => ({ ...file, store: FILES }));
}

const wereCleared = async () => localStorage.getItem(KEPT) !== null && !(await caches.has(SHARDS));

async function sayCleared() {
  if (await wereCleared()) tell('cleared', 0, 0);
}

/** Says how far it is, at the foot of the page. */
function tell(state, kept, total) {
  window.dispatchEvent(new CustomEvent('spectrascape:offline', { detail: { state, kept, total } }));
  const [some, all] = [kept, total].map((bytes) => (bytes / 1e6).toFixed(0));
  const words = {
    keeping: `Keeping lessons and spectra on this device, for use without a network: ${some} of ${all} MB.`,
    kept: `Works without a network: the page, its lessons and its spectra (${all} MB) are kept on this device. Other models, and training on a GPU, are kept once they were used.`,
    full: `This device has no room for all lessons and spectra: ${some} of ${all} MB work without a network.`,
    saving: `The page and its model work without a network. Other models of lessons and the spectra (${all} MB) are not fetched ahead: this device saves data, or its connection is a mobile one.`,
    stopped: `Stopped: ${some} of ${all} MB of lessons and spectra are kept for use without a network. The rest is fetched when it is needed.`,
    unreached: `${some} of ${all} MB of lessons and spectra are kept for use without a network; the next visit fetches the rest.`,
    cleared: 'The page and its model work without a network. The spectra were deleted from this device, and are fetched when they are needed.',
  };
  let line = document.querySelector('[data-testid="offline"]');
  if (!line) {
    line = element('p', { 'data-testid': 'offline' });
    const aside = element('aside', { class: 'kept', 'aria-label': 'Use without a network' });
    aside.append(line, button('offline-stop', 'Stop', stop), button('offline-keep', 'Keep them now', goOn));
    document.body.append(aside);
  }
  line.dataset.state = state;
  line.textContent = words[state];
  show('offline-stop', state === 'keeping');
  show('offline-keep', state === 'stopped' || state === 'saving');
}

function button(testid, text, act) {
  const made = element('button', { type: 'button', class: 'quiet', 'data-testid': testid }, text);
  made.addEventListener('click', act);
  return made;
}

function show(testid, shown) {
  document.querySelector(`[data-testid="${testid}"]`).hidden = !shown;
}

function element(name, attributes, text = '') {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.textContent = text;
  return made;
}

function base64(hex) {
  return btoa(String.fromCharCode(...hex.match(/../g).map((byte) => parseInt(byte, 16))));
}
