// The derivative by a layer's input units: out = (left . weights transposed), through their activation.

struct Op {
    left: u32,
    left_stride: u32,
    weights: u32,
    // The units themselves, and their stride, which is that of `out`.
    unit: u32,
    out: u32,
    out_stride: u32,
    width: u32,
    slope: f32,
}

@group(0) @binding(1) var<uniform> op: Op;

fn load(tile: vec2u, thread: vec2u, chunk: u32) {
    let s = op.left_stride;
    let x = op.left + (tile.y * 32u + thread.x * 4u) * s + chunk * 8u + thread.y;
    put_left(thread.y * 32u + thread.x, work[x], work[x + s], work[x + 2u * s], work[x + 3u * s]);
    let w = op.weights + (tile.x * 32u + thread.x * 4u) * s + chunk * 8u + thread.y;
    let a = parameters[w];
    let b = parameters[w + s];
    let c = parameters[w + 2u * s];
    let d = parameters[w + 3u * s];
    let at = thread.y * 32u + thread.x;
    right[at] = vec4f(a.x, b.x, c.x, d.x);
    right[at + 8u] = vec4f(a.y, b.y, c.y, d.y);
    right[at + 16u] = vec4f(a.z, b.z, c.z, d.z);
    right[at + 24u] = vec4f(a.w, b.w, c.w, d.w);
}

fn put(derivative: vec4f, at: u32, column: u32) {
    work[op.out + at] = through_units(derivative, work[op.unit + at], column * 4u, op.width, op.slope);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) thread: vec3u) {
    let c = product(tile.xy, thread.xy, op.left_stride / 8u);
    let column = tile.x * 8u + thread.x;
    let at = (tile.y * 32u + thread.y * 4u) * op.out_stride + column;
    put(c.r0, at, column);
    put(c.r1, at + op.out_stride, column);
    put(c.r2, at + 2u * op.out_stride, column);
    put(c.r3, at + 3u * op.out_stride, column);
}
