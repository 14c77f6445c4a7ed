// The smallest static server that a page of wasm needs: right types, byte ranges, nothing else.
// `node server.mjs FOLDER [PORT]` serves a folder; tests start their own and can spoil an answer on its way.

import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Serves `folder` on `port` (0: any free one). `spoil(path, bytes)` sees every file before it is sent and may return
 * other bytes, `null` for a 404, or a promise of either. `headers` go with every file.
 */
export async function serve(folder, port = 0, spoil = (_path, bytes) => bytes, headers = {}) {
  const root = resolve(folder);
  const server = createServer((request, response) => {
    answer(root, spoil, headers, request, response).catch((error) => {
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  const url = `http://127.0.0.1:${server.address().port}/`;
  return { url, close: () => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }) };
}

async function answer(root, spoil, more, request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  let file = join(root, path);
  if (file !== root && !file.startsWith(root + sep)) return notFound(response);
  if (await stat(file).then((found) => found.isDirectory(), () => false)) file = join(file, 'index.html');
  const whole = await readFile(file).catch(() => null);
  const bytes = whole && (await spoil(path, whole));
  if (!bytes) return notFound(response);

  const headers = { ...more, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-cache' };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (!range) {
    response.writeHead(200, { ...headers, 'Content-Length': bytes.length });
    return response.end(request.method === 'HEAD' ? undefined : bytes);
  }
  const first = Number(range[1]);
  const last = Math.min(range[2] === '' ? Infinity : Number(range[2]), bytes.length - 1);
  if (first > last) {
    return response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
  }
  response.writeHead(206, { ...headers, 'Content-Range': `bytes ${first}-${last}/${bytes.length}`, 'Content-Length': last - first + 1 });
  response.end(bytes.subarray(first, last + 1));
}

function notFound(response) {
  response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, port] = process.argv.slice(2);
  const { url } = await serve(folder, Number(port ?? 8080)).catch((error) => {
    console.error(error.code === 'EADDRINUSE' ? `port ${port} is in use: choose another with --port` : String(error));
    process.exit(1);
  });
  console.log(`\nSpectrascape is at ${url} (Ctrl-C to stop)`);
}
