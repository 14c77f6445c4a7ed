// `node run.mjs NAME...`: runs benches in a headless Chromium and writes what it measured to results.json and RESULTS.md.
// `cargo xtask bench` builds what it needs and says where that is.

import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { serve } from '../tests/browser/server.mjs';
import { table } from './table.mjs';

const here = import.meta.dirname;
const { BENCH_DATA: data, BENCH_MODELS: models, BENCH_STAGE: stage, BENCH_WASM: wasm, BENCH_PEERS: peers, SPECTRASCAPE_NODE_MODULES: modules, SPECTRASCAPE_CHROMIUM: program } = process.env;
const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');

/** With these a page's clock is good to 5 microseconds, not 100. */
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
/** As the browser tests', and nothing between two redraws but the clock. */
const FLAGS = ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
/** What differs between benches: its wasm, and the flags it adds and leaves out. */
const KINDS = {
  scatter: { program: 'bench_plot', add: [], without: [] },
  fit: { program: 'bench_fit', add: [], without: [] },
  train: { program: 'bench_train', add: ['--enable-unsafe-webgpu'], without: ['--disable-gpu'] },
};

async function bench(name) {
  const site = join(stage, name);
  rmSync(site, { recursive: true, force: true });
  cpSync(join(here, name), site, { recursive: true });
  cpSync(wasm, join(site, 'wasm'), { recursive: true });
  cpSync(peers, join(site, 'peers'), { recursive: true });
  if (existsSync(join(data, 'manifest.json'))) cpSync(data, join(site, 'data'), { recursive: true, dereference: true });
  cpSync(models, join(site, 'models'), { recursive: true, dereference: true });
  const server = await serve(site, 0, undefined, ISOLATED);
  const browser = await chromium.launch({ executablePath: program, args: [...FLAGS, ...KINDS[name].add].filter((flag) => !KINDS[name].without.includes(flag)) });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => { throw error; });
    page.on('console', (message) => ['error', 'info'].includes(message.type()) && console.error(message.text()));
    await page.goto(server.url);
    await page.waitForFunction(() => globalThis.bench);
    const about = await page.evaluate(() => ({ ...globalThis.bench, webgl: globalThis.bench.webgl(), isolated: crossOriginIsolated }));
    if (!about.isolated) throw new Error('the page is not isolated: its clock is too coarse');
    const load = loadavg()[0];
    const cases = [];
    for (const [index, title] of about.cases.entries()) {
      console.log(`    ${title}`);
      cases.push(await page.evaluate((index) => globalThis.bench.run(index), index));
      for (const { name, seen, error } of cases.at(-1).results) console.log(`      ${name}: ${error ?? `median ${seen.median.toFixed(2)} ms, p95 ${seen.p95.toFixed(2)} ms`}`);
      await page.screenshot({ path: join(stage, `${name}-${index + 1}.png`), fullPage: true });
      await page.evaluate(() => globalThis.bench.clear());
    }
    return { about: about.about, machine: machine(load), browser: `Chromium ${browser.version()}, headless, no GPU (WebGL: ${about.webgl})`, versions: versions(), bytes: bytes(KINDS[name].program), date: new Date().toISOString().slice(0, 10), cases };
  } finally {
    await browser.close();
    await server.close();
  }
}

function machine(load) {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  return `${model}, ${cpus().length} cores, load average ${load.toFixed(1)} before the run`;
}

/** The peers, as they are installed. */
function versions() {
  const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  return Object.fromEntries(Object.keys(dependencies).map((name) => [name, JSON.parse(readFileSync(join(peers, name, 'package.json'), 'utf8')).version]));
}

const bytes = (program) => readFileSync(join(wasm, `${program}_bg.wasm`)).length;

const json = join(here, 'results.json');
const results = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : {};
for (const name of process.argv.slice(2)) results[name] = await bench(name);
writeFileSync(json, `${JSON.stringify(results, (_key, value) => (Number.isInteger(value) || typeof value !== 'number' ? value : Number(value.toFixed(3))), 2)}\n`);
writeFileSync(join(here, 'RESULTS.md'), table(results));
