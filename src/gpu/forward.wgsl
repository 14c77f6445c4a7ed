// A layer: out = units(left . weights).

struct Op {
    left: u32,
    left_stride: u32,
    weights: u32,
    weights_stride: u32,
    out: u32,
    // Units of the layer.
    width: u32,
    // Tiles of 32 along the inner side.
    inner: u32,
    slope: f32,
}

@group(0) @binding(1) var<uniform> op: Op;

fn load(tile: vec2u, thread: vec2u, chunk: u32) {
    let x = op.left + (tile.y * 32u + thread.x * 4u) * op.left_stride + chunk * 8u + thread.y;
    let s = op.left_stride;
    put_left(thread.y * 32u + thread.x, work[x], work[x + s], work[x + 2u * s], work[x + 3u * s]);
    let w = op.weights + (chunk * 32u + thread.y * 4u) * op.weights_stride + tile.x * 8u + thread.x;
    let at = thread.y * 32u + thread.x;
    right[at] = parameters[w];
    right[at + 8u] = parameters[w + op.weights_stride];
    right[at + 16u] = parameters[w + 2u * op.weights_stride];
    right[at + 24u] = parameters[w + 3u * op.weights_stride];
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) thread: vec3u) {
    let c = product(tile.xy, thread.xy, op.inner);
    let column = tile.x * 8u + thread.x;
    let out = op.out + (tile.y * 32u + thread.y * 4u) * op.weights_stride + column;
    work[out] = units(c.r0, column * 4u, op.width, op.slope);
    work[out + op.weights_stride] = units(c.r1, column * 4u, op.width, op.slope);
    work[out + 2u * op.weights_stride] = units(c.r2, column * 4u, op.width, op.slope);
    work[out + 3u * op.weights_stride] = units(c.r3, column * 4u, op.width, op.slope);
}
