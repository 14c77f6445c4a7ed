// The bench's page: makes the clouds and the contenders, and lets them redraw in turns.

import * as ours from './wasm/bench_plot.js';
import { cloud } from './cloud.mjs';
import { HEIGHT, WIDTH, regl, spectrascape, squares } from './contenders.mjs';

const PAIRS = Array.from({ length: 6 }, (_, up) => Array.from({ length: up }, (_, across) => [across, up])).flat();

/** What is redrawn, and how far DESIGN says that it should come. */
const CASES = [
  { title: '64k points in one view', count: 64_000, panels: [[0, 4]], reach: 2.5 },
  { title: '64k points in all 15 corner panels', count: 64_000, panels: PAIRS, reach: 16 },
  { title: '1M points in one view', count: 1_000_000, panels: [[0, 4]], reach: 12 },
];

/** Of a redraw of ours. */
const PARTS = ['points', 'picture to canvas', 'axes'];
/** Redraws of each contender; slow ones get every `RARELY`th turn. */
const TURNS = 60;
const RARELY = 6;

await ours.default();
const contenders = [
  spectrascape(ours, 'Spectrascape'),
  squares,
  regl('regl-scatterplot', {}, true),
  regl('regl-scatterplot, performanceMode', { performanceMode: true }, true),
];

const frame = () => new Promise(requestAnimationFrame);

async function run({ title, count, panels, reach }) {
  const scene = { ...cloud(count), panels };
  const rows = [];
  for (const contender of contenders) rows.push({ ...contender, plot: await contender.make(scene), times: [] });
  for (let turn = -1; turn < TURNS; turn += 1) {
    for (const row of rows) {
      if (row.rarely && turn % RARELY !== 0 && turn >= 0) continue;
      await frame();
      const times = await row.plot.redraw(0.02 * Math.sin(turn), 0.02 * Math.cos(1.7 * turn));
      // The first is to warm up.
      if (turn >= 0) row.times.push(times);
    }
  }
  const results = rows.map(({ name, times }) => ({
    name,
    redraws: times.length,
    call: summary(times.map(({ call }) => call)),
    seen: summary(times.map(({ seen }) => seen)),
    ...(times[0].parts && { parts: Object.fromEntries(PARTS.map((part, at) => [part, summary(times.map(({ parts }) => parts[at]))])) }),
  }));
  globalThis.rows = rows;
  return { title, count, panels: panels.length, reach, results };
}

/** Takes the plots of the last run away. */
function clear() {
  globalThis.rows.forEach(({ plot }) => plot.end());
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (fraction) => sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)];
  return { min: sorted[0], median: at(0.5), p95: at(0.95) };
}

globalThis.bench = {
  about: `canvas ${WIDTH} x ${HEIGHT} CSS pixels at ratio 1; between redraws the view of the points pans, in our corner, which always shows all, the shading changes`,
  cases: CASES.map(({ title }) => title),
  run: (index) => run(CASES[index]),
  clear,
  webgl: () => {
    const gl = document.createElement('canvas').getContext('webgl');
    const info = gl?.getExtension('WEBGL_debug_renderer_info');
    return gl ? gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER) : 'none';
  },
};
