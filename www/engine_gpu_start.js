// Starts the GPU engine in its worker. What fails inside a promise is thrown outside it, where the page hears of it.
self.addEventListener('unhandledrejection', (event) => setTimeout(() => { throw event.reason; }));
importScripts('./engine_gpu.js');
// The build writes the file's hash here; one that does not fit may be an old one out of the browser's cache.
const integrity = '{integrity:./engine_gpu_bg.wasm}';
const get = (cache) => fetch('./engine_gpu_bg.wasm', { integrity, cache });
wasm_bindgen({ module_or_path: get('default').catch(() => get('reload')) });
