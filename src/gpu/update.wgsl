// The derivatives by all weights and biases, which never leave the registers, and Adam's step with them (Kingma & Ba 2015, as
// PyTorch writes it): one dispatch for all six layers.

struct Layer {
    // Units in, with the 1 behind them, `[n, rows]`, and derivatives by the units out, `[n, columns]`.
    units: u32,
    units_stride: u32,
    derivatives: u32,
    derivatives_stride: u32,
    weights: u32,
    // Tiles of the layers before it, and tiles in a row of its own.
    before: u32,
    across: u32,
    unused: u32,
}

@group(0) @binding(1) var<uniform> layers: array<Layer, 6>;

var<private> layer: Layer;

fn load(tile: vec2u, thread: vec2u, chunk: u32) {
    let row = chunk * 32u + thread.y * 4u;
    let at = thread.y * 32u + thread.x;
    let u = layer.units + row * layer.units_stride + tile.y * 8u + thread.x;
    left[at] = work[u];
    left[at + 8u] = work[u + layer.units_stride];
    left[at + 16u] = work[u + 2u * layer.units_stride];
    left[at + 24u] = work[u + 3u * layer.units_stride];
    let d = layer.derivatives + row * layer.derivatives_stride + tile.x * 8u + thread.x;
    right[at] = work[d];
    right[at + 8u] = work[d + layer.derivatives_stride];
    right[at + 16u] = work[d + 2u * layer.derivatives_stride];
    right[at + 24u] = work[d + 3u * layer.derivatives_stride];
}

fn adam(at: u32, gradient: vec4f) {
    let m = 0.9 * first[at] + 0.1 * gradient;
    let v = 0.999 * second[at] + 0.001 * gradient * gradient;
    first[at] = m;
    second[at] = v;
    parameters[at] -= step.step_size * m / (sqrt(v) * step.inverse_root + 1e-8);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u) {
    var which = 0u;
    for (var next = 1u; next < 6u; next += 1u) {
        if group.x >= layers[next].before {
            which = next;
        }
    }
    layer = layers[which];
    let within = group.x - layer.before;
    let tile = vec2u(within % layer.across, within / layer.across);
    let c = product(tile, thread.xy, step.tiles);
    let at = layer.weights + (tile.y * 32u + thread.y * 4u) * layer.derivatives_stride + tile.x * 8u + thread.x;
    adam(at, c.r0);
    adam(at + layer.derivatives_stride, c.r1);
    adam(at + 2u * layer.derivatives_stride, c.r2);
    adam(at + 3u * layer.derivatives_stride, c.r3);
}
