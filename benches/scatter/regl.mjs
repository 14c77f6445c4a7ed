export default globalThis.createREGL;
