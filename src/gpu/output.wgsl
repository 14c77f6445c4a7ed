// The last layer with the reconstruction's loss: x' = left . weights, out = w (x' - x) / n, and w (x' - x)^2 in parts.

struct Op {
    left: u32,
    left_stride: u32,
    weights: u32,
    weights_stride: u32,
    out: u32,
    x: u32,
    weight: u32,
    partial: u32,
    inner: u32,
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

// Four pixels of one spectrum; returns their part of the loss.
fn residual(reconstruction: vec4f, at: u32) -> f32 {
    let difference = reconstruction - work[op.x + at];
    let weighted = work[op.weight + at] * difference;
    work[op.out + at] = weighted / f32(step.spectra);
    return dot(weighted, difference);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_id) thread: vec3u,
        @builtin(num_workgroups) tiles: vec3u) {
    let c = product(tile.xy, thread.xy, op.inner);
    let at = (tile.y * 32u + thread.y * 4u) * op.weights_stride + tile.x * 8u + thread.x;
    let a = residual(c.r0, at);
    let b = residual(c.r1, at + op.weights_stride);
    let d = residual(c.r2, at + 2u * op.weights_stride);
    let e = residual(c.r3, at + 3u * op.weights_stride);
    work[op.partial + (tile.y * tiles.x + tile.x) * 64u + thread.y * 8u + thread.x] = vec4f(a, b, d, e);
}
