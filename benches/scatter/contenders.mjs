// Who draws the cloud. Each is made for a scene and then redraws it with the view moved by a fraction of its size;
// a redraw tells how long the call took, how long until a pixel of its picture could be read, and maybe what the parts
// of the call took.

import createScatterplot, { createRenderer } from './peers/regl-scatterplot/dist/regl-scatterplot.esm.js';
import { COLORS, REACH } from './cloud.mjs';

export const WIDTH = 560;
export const HEIGHT = 520;
/** The page's margins, for axes. */
const MARGIN = { left: 52, top: 6, right: 8, bottom: 42 };

/** Ours, from the wasm module `ours`. */
export const spectrascape = (ours, name) => ({
  name,
  async make({ columns, kind, panels }) {
    const canvas = addCanvas(WIDTH, HEIGHT);
    const [[across, up]] = panels;
    const plot = panels.length > 1
      ? ours.Corner.on(canvas, joined(columns), kind, REACH)
      : new ours.Scatter(canvas, columns[across], columns[up], kind, REACH);
    return {
      redraw: async (dx, dy) => timed([canvas], () => plot.redraw(dx, dy)),
      end: () => { plot.free(); canvas.remove(); },
    };
  },
});

function joined(columns) {
  const all = new Float32Array(columns.length * columns[0].length);
  columns.forEach((column, index) => all.set(column, index * column.length));
  return all;
}

/** What anybody would write in an afternoon: a square of opaque pixels a point, in an ImageData. No axes. */
export const squares = {
  name: 'plain JavaScript, opaque squares',
  async make({ columns, kind, panels }) {
    const canvas = addCanvas(WIDTH, HEIGHT);
    const context = canvas.getContext('2d');
    const places = boxes(panels.length);
    const { width, height } = places[0];
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const colors = Uint32Array.from(COLORS, (color) => {
      const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
      return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
    });
    const draw = (dx, dy) => panels.forEach(([across, up], index) => {
      splat(pixels, width, height, columns[across], columns[up], kind, colors, dx, dy);
      context.putImageData(image, places[index].left, places[index].top);
    });
    return { redraw: async (dx, dy) => timed([canvas], () => draw(dx, dy)), end: () => canvas.remove() };
  },
};

function splat(pixels, width, height, x, y, kind, colors, dx, dy) {
  pixels.fill(0xffffffff);
  const [sx, sy] = [width / (2 * REACH), height / (2 * REACH)];
  const [x0, y0] = [width * (0.5 - dx), height * (0.5 + dy)];
  for (let i = 0; i < x.length; i += 1) {
    const px = Math.floor(x0 + sx * x[i]);
    const py = Math.floor(y0 - sy * y[i]);
    if (px < 0 || py < 0 || px >= width - 1 || py >= height - 1) continue;
    const at = py * width + px;
    const color = colors[kind[i]];
    pixels[at] = color;
    pixels[at + 1] = color;
    pixels[at + width] = color;
    pixels[at + width + 1] = color;
  }
}

/**
 * regl-scatterplot on WebGL, one plot a panel on one renderer. Only the frame in which it draws is measured, not the
 * wait for it; and its WebGL canvas is as large as the plot, where by default it is as large as the window.
 */
export const regl = (name, options, rarely) => ({
  name,
  rarely,
  async make({ columns, kind, panels }) {
    const places = boxes(panels.length);
    const surface = document.createElement('canvas');
    [surface.width, surface.height] = [places[0].width, places[0].height];
    const renderer = createRenderer({ canvas: surface });
    let begun = 0;
    renderer.onFrame(() => { begun = performance.now(); });
    const unit = columns.map((column) => column.map((value) => value / REACH));
    const plots = [];
    for (const [index, [across, up]] of panels.entries()) {
      const { width, height } = places[index];
      const canvas = addCanvas(width, height);
      const plot = createScatterplot({
        renderer, canvas, width, height, aspectRatio: width / height, backgroundColor: '#ffffff', pointSize: 2,
        opacity: options.performanceMode ? 1 : 0.4, pointColor: COLORS, colorBy: 'valueA', ...options,
      });
      await plot.draw({ x: unit[across], y: unit[up], z: kind });
      plots.push({ plot, canvas });
    }
    const canvases = plots.map(({ canvas }) => canvas);
    const redraw = (dx, dy) => new Promise((done) => {
      let waiting = plots.length;
      const drawn = () => {
        waiting -= 1;
        if (waiting > 0) return;
        const call = performance.now() - begun;
        read(canvases);
        done({ call, seen: performance.now() - begun });
      };
      // One translation of the camera, columns first; its units are half a view.
      const view = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -2 * dx, -2 * dy, 0, 1];
      for (const { plot } of plots) {
        plot.subscribe('drawing', drawn, 1);
        plot.view(view);
      }
    });
    const end = () => {
      plots.forEach(({ plot, canvas }) => { plot.destroy(); canvas.remove(); });
      renderer.destroy();
    };
    return { redraw, end };
  },
});

function timed(canvases, draw) {
  const begun = performance.now();
  const parts = draw();
  const call = performance.now() - begun;
  read(canvases);
  return { call, seen: performance.now() - begun, parts };
}

/** Reads a pixel of each canvas, for which everything that was asked of it must have been done. */
function read(canvases) {
  for (const canvas of canvases) canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1);
}

function addCanvas(width, height) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  canvas.style.cssText = `width: ${width}px; height: ${height}px`;
  document.body.append(canvas);
  return canvas;
}

/** Where panels lie in the canvas: one, or the lower half of a square of them. */
function boxes(count) {
  const [width, height] = [WIDTH - MARGIN.left - MARGIN.right, HEIGHT - MARGIN.top - MARGIN.bottom];
  if (count === 1) return [{ left: MARGIN.left, top: MARGIN.top, width, height }];
  const side = Math.round((Math.sqrt(8 * count + 1) - 1) / 2);
  const [w, h] = [Math.floor(width / side) - 4, Math.floor(height / side) - 4];
  const all = [];
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column <= row; column += 1) all.push({ left: MARGIN.left + column * (w + 4), top: MARGIN.top + row * (h + 4), width: w, height: h });
  }
  return all;
}
