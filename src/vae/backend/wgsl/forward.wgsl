// A layer: out = units(left . weights).

struct Op {
    left: u32,
    left_stride: u32,
    weights: u32,
    weights_stride: u32,
    out: u32,
    // Units of the layer.
    width: u32,
    slope: f32,
}

@group(0) @binding(1) var<uniform> op: Op;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let row = id.y * 4u;
    let c = product(op.left + row * op.left_stride, op.left_stride, op.weights + id.x, op.weights_stride);
    let out = op.out + row * op.weights_stride + id.x;
    work[out] = units(c[0], id.x * 4u, op.width, op.slope);
    work[out + op.weights_stride] = units(c[1], id.x * 4u, op.width, op.slope);
    work[out + 2u * op.weights_stride] = units(c[2], id.x * 4u, op.width, op.slope);
    work[out + 3u * op.weights_stride] = units(c[3], id.x * 4u, op.width, op.slope);
}
