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

fn put(derivative: vec4f, at: u32, column: u32) {
    work[op.out + at] = through_units(derivative, work[op.unit + at], column * 4u, op.width, op.slope);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let s = op.left_stride;
    let left = op.left + id.y * 4u * s;
    let right = op.weights + id.x * 4u * s;
    var r0 = vec4f();
    var r1 = vec4f();
    var r2 = vec4f();
    var r3 = vec4f();
    for (var k = 0u; k < s; k += 1u) {
        let w0 = parameters[right + k];
        let w1 = parameters[right + k + s];
        let w2 = parameters[right + k + 2u * s];
        let w3 = parameters[right + k + 3u * s];
        let a0 = work[left + k];
        let a1 = work[left + k + s];
        let a2 = work[left + k + 2u * s];
        let a3 = work[left + k + 3u * s];
        r0 += vec4f(dot(a0, w0), dot(a0, w1), dot(a0, w2), dot(a0, w3));
        r1 += vec4f(dot(a1, w0), dot(a1, w1), dot(a1, w2), dot(a1, w3));
        r2 += vec4f(dot(a2, w0), dot(a2, w1), dot(a2, w2), dot(a2, w3));
        r3 += vec4f(dot(a3, w0), dot(a3, w1), dot(a3, w2), dot(a3, w3));
    }
    let at = id.y * 4u * op.out_stride + id.x;
    put(r0, at, id.x);
    put(r1, at + op.out_stride, id.x);
    put(r2, at + 2u * op.out_stride, id.x);
    put(r3, at + 3u * op.out_stride, id.x);
}
