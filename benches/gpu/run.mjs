// `node gpu/run.mjs`: trains the same model with ours, jax-js and TensorFlow.js on one WebGPU adapter, each in a new browser, so
// that nothing is compiled before its first step. Writes results.json and RESULTS.md beside this file.

import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../tests/browser/server.mjs';

const here = import.meta.dirname;
const { BENCH_STAGE: stage, BENCH_GPU_WASM: wasm, BENCH_PEERS: peers, SPECTRASCAPE_NODE_MODULES: modules, SPECTRASCAPE_CHROMIUM: program } = process.env;
const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');

/** The software adapter where there is no other: BENCH_ADAPTER= (empty) takes what the machine has. */
const adapter = process.env.BENCH_ADAPTER ?? 'swiftshader';
const FLAGS = ['--no-sandbox', '--enable-unsafe-webgpu', ...(adapter ? [`--use-webgpu-adapter=${adapter}`] : ['--enable-features=Vulkan']), '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const WHO = { ours: 'Spectrascape', jax: 'jax-js', tensorflow: 'TensorFlow.js' };
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const together = Number(process.env.BENCH_TOGETHER ?? 4);

const site = join(stage, 'gpu');
rmSync(site, { recursive: true, force: true });
cpSync(here, site, { recursive: true });
for (const file of ['gpu_reference.mjs', 'gpu_page.mjs']) cpSync(join(here, '../../tests/browser', file), join(site, file));
cpSync(wasm, join(site, 'wasm'), { recursive: true });
for (const name of ['@jax-js', '@tensorflow']) cpSync(join(peers, name), join(site, 'peers', name), { recursive: true });
const server = await serve(site, 0, undefined, ISOLATED);

async function contender(who) {
  const browser = await chromium.launch({ executablePath: program, args: FLAGS });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(600_000);
    page.on('pageerror', (error) => console.error(`      ${error.message}`));
    await page.goto(server.url);
    await page.waitForFunction(() => globalThis.bench);
    const about = await page.evaluate(async () => {
      const { info } = await navigator.gpu.requestAdapter();
      return [info.vendor, info.architecture, info.description].filter(Boolean).join(' ');
    });
    const seen = await page.evaluate(([who, settings]) => globalThis.bench.run(who, settings), [who, { rounds, together }]);
    return { name: WHO[who], adapter: about, version: browser.version(), ...seen };
  } finally {
    await browser.close();
  }
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const load = loadavg()[0];
const results = [];
for (const who of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(WHO)) {
  const seen = await contender(who);
  seen.step = middle(seen.times);
  console.log(`    ${seen.name}: first step after ${seen.first.toFixed(0)} ms, then ${seen.step.toFixed(1)} ms a step, loss ${seen.losses[0].toFixed(1)} to ${seen.losses.at(-1).toFixed(2)}, ${JSON.stringify(seen.perStep)}`);
  results.push(seen);
}
await server.close();

const version = (name) => JSON.parse(readFileSync(join(peers, name, 'package.json'), 'utf8')).version;
const machine = `${cpus()[0]?.model.trim() || 'unknown processor'}, ${cpus().length} cores, load average ${load.toFixed(1)} before the run`;
const versions = { 'jax-js': version('@jax-js/jax'), 'TensorFlow.js': version('@tensorflow/tfjs') };
const date = new Date().toISOString().slice(0, 10);
const bytes = readFileSync(join(wasm, 'bench_gpu_bg.wasm')).length;
const report = { machine, browser: results[0].version, adapter: results[0].adapter, versions, bytes, date, rounds, together, results };
writeFileSync(join(here, 'results.json'), `${JSON.stringify(report, (_key, value) => (Number.isInteger(value) || typeof value !== 'number' ? value : Number(value.toPrecision(7))), 2)}\n`);

const rows = results.map(({ name, first, step, times, pipelines, perStep, losses }) => `| ${[name, first.toFixed(0), step.toFixed(1), Math.min(...times).toFixed(1), perStep.dispatches, perStep.submissions, perStep.reads, pipelines, losses[0].toFixed(2), losses.at(-1).toFixed(3)].join(' | ')} |`);
writeFileSync(join(here, 'RESULTS.md'), `# Training on the graphics processor

Made by \`cargo xtask bench gpu\`. The paper's model with six latents (1000-703-94), batch 64, Adam, from the same weights, batches and
draws; each in a new browser. *First step* is from the import of the library to the first loss as a number, kernels compiled; *ms a step*
the median of ${rounds} rounds of ${together} steps and one read. A software adapter compares programs, it says nothing of a graphics processor.

- Machine: ${machine}
- Browser: Chromium ${report.browser}, headless; adapter: ${report.adapter}
- Versions: ${Object.entries(versions).map(([name, value]) => `${name} ${value}`).join(', ')}; our bench's wasm has ${bytes} bytes
- Date: ${date}

| who | first step, ms | ms a step | fastest | dispatches a step | submissions a step | reads a step | pipelines | loss, first | loss, last |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
${rows.join('\n')}
`);
