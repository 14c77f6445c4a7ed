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
}

@group(0) @binding(1) var<uniform> op: Op;

// Four pixels of one spectrum; returns their part of the loss.
fn residual(reconstruction: vec4f, at: u32) -> f32 {
    let difference = reconstruction - work[op.x + at];
    let weighted = work[op.weight + at] * difference;
    work[op.out + at] = weighted / f32(step.spectra);
    return dot(weighted, difference);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let row = id.y * 4u;
    let c = product(op.left + row * op.left_stride, op.left_stride, op.weights + id.x, op.weights_stride);
    let at = row * op.weights_stride + id.x;
    let a = residual(c[0], at);
    let b = residual(c[1], at + op.weights_stride);
    let d = residual(c[2], at + 2u * op.weights_stride);
    let e = residual(c[3], at + 3u * op.weights_stride);
    work[op.partial + id.y * op.weights_stride + id.x] = vec4f(a, b, d, e);
}
