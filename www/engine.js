// Starts the engine in its worker. What fails inside a promise is thrown outside it, where the page hears of it.
self.addEventListener('unhandledrejection', (event) => setTimeout(() => { throw event.reason; }));
importScripts('./engine_cpu.js');
wasm_bindgen({ module_or_path: './engine_cpu_bg.wasm' });
