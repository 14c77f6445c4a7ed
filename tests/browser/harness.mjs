// What every browser test stands on: a real Chromium, the built page on a static server, and eyes and hands for it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serve } from './server.mjs';

export const root = resolve(import.meta.dirname, '../..');
export const dist = join(root, 'pkg/dist');
/** Real spectra, which are not part of this project. */
export const data = resolve(root, process.env.SPECTRASCAPE_DATA ?? '../shared/data');
/** The program of the command line. */
export const commandLine = process.env.SPECTRASCAPE_CLI ?? join(root, 'target/debug/spectrascape');
const screenshots = process.env.SPECTRASCAPE_SCREENSHOTS ?? join(root, 'target/screenshots');
/** What npm brings. */
export const modules = process.env.SPECTRASCAPE_NODE_MODULES ?? join(root, 'target/tools/node/node_modules');
const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');

/** Long enough for a slow machine; no test asserts a time. */
export const PATIENCE = 120_000;

export function launch() {
  assert.ok(existsSync(join(dist, 'index.html')), 'the page is not built: run `cargo xtask build`');
  return chromium.launch(options());
}

/** A browser that keeps its files in a folder, as a reader's does; `launch`'s forgets them. */
export const launchWithDisk = (folder) => chromium.launchPersistentContext(folder, options());

function options() {
  return {
    executablePath: process.env.SPECTRASCAPE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  };
}

/** Skips a test, loudly, where there are no real spectra. */
export function needsRealSpectra(t) {
  if (existsSync(data)) return true;
  console.log(`SKIPPED: ${t.name}: no real spectra in ${data}; set SPECTRASCAPE_DATA to a folder of them`);
  t.skip(`no real spectra in ${data}`);
  return false;
}

/**
 * Opens the page in a fresh context on a server of its own. All of it is closed when the test `t` ends.
 * `expectErrors`: the console may hold errors (a file that is missing on purpose is one).
 */
export async function open(t, browser, { hash = '', spoil, context: options = {}, expectErrors = false, url, ready = true } = {}) {
  const server = url ? null : await serve(dist, 0, spoil);
  // Without a service worker, unless a test is about it: what one visit has kept is nothing that another should find.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'], serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const address = new URL(hash, url ?? server.url);
  const problems = [];
  const requests = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  // The whole context's: the page's, its workers', and a service worker's.
  context.on('request', (request) => requests.push(request.url()));
  await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} refuses ${event.blockedURI}`)));
  page.on('worker', (worker) => worker.on('console', (message) => message.type() === 'error' && problems.push(`worker: ${message.text()}`)));
  t.after(async () => {
    await context.close();
    await server?.close();
  });
  await page.goto(address.href);
  const spectrascape = new Spectrascape(page, address.origin, { problems, requests, expectErrors });
  if (ready) await spectrascape.ready();
  return spectrascape;
}

/** The page, as a person sees and touches it. */
export class Spectrascape {
  constructor(page, origin, { problems, requests, expectErrors }) {
    Object.assign(this, { page, origin, problems, requests, expectErrors });
  }

  get = (id) => this.page.getByTestId(id);
  text = async (id) => ((await this.get(id).first().textContent()) ?? '').trim();

  /** Waits for the first scatter and a decoded spectrum. */
  async ready() {
    await until(`the status reads ready`, async () => (await this.text('status')).toLowerCase() === 'ready', () => this.describe());
  }

  /** The sentences that say what is wrong, oldest first. */
  async errors() {
    // At the top of the page, and beside the buttons of the lab.
    const texts = await this.get('error').locator('p').allInnerTexts();
    return texts.map((text) => text.trim()).filter(Boolean);
  }

  /** The newest of them; empty when nothing is wrong. */
  error = async () => (await this.errors()).at(-1) ?? '';

  /** Waits for an error that names `about` (a string or pattern), which must be one clear sentence, and returns it. */
  async oneClearSentence(about = '') {
    const fits = (text) => (about instanceof RegExp ? about.test(text) : text.includes(about));
    await until(`an error about ${about}`, async () => (await this.errors()).some(fits), () => this.describe());
    const error = (await this.errors()).find(fits);
    assert.ok(error.split(/\s+/).length >= 4 && error.length <= 400, `one clear sentence about ${about}, not: ${error}`);
    assert.ok(!/panicked|undefined|\[object|RuntimeError|JsValue|Err\(|Some\(/.test(error), `words for a person, not: ${error}`);
    return error;
  }

  async describe() {
    return `status "${await this.text('status').catch(() => '?')}", error "${await this.error().catch(() => '?')}", ${this.problems.join('; ')}`;
  }

  /** Pixels of a canvas: how many, how many are coloured, and a hash of them all. */
  pixels(id) {
    return this.get(id).first().evaluate((element) => {
      // With the canvas that lies over it, if there is one: markers are drawn there.
      const canvases = [element, ...element.parentElement.querySelectorAll('canvas.overlay')];
      let [all, coloured, hash] = [0, 0, 0x811c9dc5];
      for (const canvas of canvases.filter((c) => c.width * c.height > 0)) {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        for (let i = 0; i < data.length; i += 4) {
          const [r, g, b, a] = [data[i], data[i + 1], data[i + 2], data[i + 3]];
          all += 1;
          if (a > 60 && Math.max(r, g, b) - Math.min(r, g, b) > 40) coloured += 1;
          hash = Math.imul(hash ^ (r | (g << 8) | (b << 16) | (a << 24)), 0x01000193);
        }
      }
      return { all, coloured, hash: hash >>> 0 };
    });
  }

  /** Waits until the pixels of an element are no longer `before`; returns the new ones. */
  async redrawn(id, before) {
    let now;
    await until(`${id} is drawn anew`, async () => (now = await this.pixels(id)).hash !== before.hash, () => this.describe());
    return now;
  }

  /** Waits until the pixels of an element have come to rest; returns them. */
  async settled(id) {
    let last = await this.pixels(id);
    await until(`${id} comes to rest`, async () => {
      const before = last;
      await sleep(250);
      last = await this.pixels(id);
      return last.hash === before.hash;
    });
    return last;
  }

  /** Clicks a coloured pixel of the scatter: a point. `which` in 0..1 chooses among them. */
  async clickPoint(which = 0.5) {
    const place = await this.get('scatter').first().evaluate((canvas, which) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const found = [];
      // The middle of the canvas only: axes, labels and a legend are at its rim.
      for (let y = Math.floor(canvas.height * 0.25); y < canvas.height * 0.75; y += 1) {
        for (let x = Math.floor(canvas.width * 0.25); x < canvas.width * 0.65; x += 1) {
          const i = 4 * (y * canvas.width + x);
          if (data[i + 3] > 60 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 40) found.push([x, y]);
        }
      }
      if (found.length === 0) return null;
      const [x, y] = found[Math.min(found.length - 1, Math.floor(which * found.length))];
      const box = canvas.getBoundingClientRect();
      return { x: ((x + 0.5) * box.width) / canvas.width, y: ((y + 0.5) * box.height) / canvas.height };
    }, which);
    assert.ok(place, 'there are coloured points in the middle of the scatter');
    await this.get('scatter').first().click({ position: place });
  }

  /** The address bar's place, as a map. */
  permalink() {
    return new URLSearchParams(new URL(this.page.url()).hash.slice(1));
  }

  /** The numbers of `z=` in the address bar. */
  latent() {
    return (this.permalink().get('z') ?? '').split(',').filter(Boolean).map(Number);
  }

  slider = (i) => this.get(`latent-slider-${i}`).first();
  sliderValues = () => Promise.all([1, 2, 3, 4, 5, 6].map(async (i) => Number(await this.slider(i).inputValue())));

  /** The link to this place, as the share button puts it on the clipboard. */
  async sharedLink() {
    await this.get('share-link').first().click();
    let link = '';
    await until('the link is on the clipboard', async () => (link = await this.page.evaluate(() => navigator.clipboard.readText())).startsWith('http'));
    return link;
  }

  /** The name of the selected spectrum as plate-mjd-fiber without leading zeros; empty when none is. */
  async selected() {
    const found = /(\d+)-(\d+)-(\d+)/.exec(await this.text('selected-id'));
    return found ? found.slice(1).map(Number).join('-') : '';
  }

  /** Clicks a point and waits until another spectrum than before is selected; returns its name. */
  async selectPoint(which) {
    const before = await this.selected();
    await this.clickPoint(which);
    await until('another spectrum is selected', async () => !['', before].includes(await this.selected()), () => this.describe());
    return this.selected();
  }

  /** Pixels of a canvas as one array of bytes, RGBA. */
  async bytes(id) {
    const base64 = await this.get(id).first().evaluate((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let text = '';
      for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
      return btoa(text);
    });
    return Buffer.from(base64, 'base64');
  }

  /** Drops a file on the page from the desktop. */
  async drop(name, bytes) {
    const transfer = await this.page.evaluateHandle(([name, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name));
      return transfer;
    }, [name, Buffer.from(bytes).toString('base64')]);
    const onto = this.get('scatter').first();
    for (const type of ['dragenter', 'dragover', 'drop']) await onto.dispatchEvent(type, { dataTransfer: transfer });
  }

  /** Opens a file by the page's own button. */
  async openFile(name, bytes) {
    await this.get('open-file').first().setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
  }

  /** The chi2 that the page shows, as a number; NaN when none is. */
  async chi2() {
    const text = await this.page.locator('body').innerText();
    return Number(/χ²[^0-9]{0,20}([0-9][0-9.]*)/.exec(text)?.[1] ?? NaN);
  }

  async screenshot(name, options = {}) {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`), ...options });
  }

  /** Nothing went wrong behind the scenes and nothing left this machine. */
  assertClean() {
    const strangers = this.requests.filter((url) => !url.startsWith(this.origin) && !/^(blob|data):/.test(url));
    assert.deepEqual(strangers, [], 'no request to another host');
    if (!this.expectErrors) assert.deepEqual(this.problems, [], 'no error in the console');
  }
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until `condition` holds; fails with what was waited for. */
export async function until(what, condition, detail = () => '', patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > end) assert.fail(`waited in vain until ${what}: ${await detail()}`);
    await sleep(50);
  }
}

/** A safetensors file: header, metadata and the numbers of a tensor (F32, F16 as raw u16, I32). Not the project's reader. */
export function safetensors(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const tensor = (name) => {
    const { dtype, data_offsets: [start, end] } = header[name];
    const copy = bytes.buffer.slice(bytes.byteOffset + 8 + length + start, bytes.byteOffset + 8 + length + end);
    if (dtype === 'F16') return Float32Array.from(new Uint16Array(copy), half);
    return dtype === 'F32' ? new Float32Array(copy) : new Int32Array(copy);
  };
  return { header, metadata: header.__metadata__ ?? {}, tensor };
}

function half(bits) {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

export const built = (path) => readFileSync(join(dist, path));
