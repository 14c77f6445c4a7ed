// The derivatives by all weights and biases, which never leave the registers, and Adam's step with them, whose constants come from
// `vae/adam.rs`: one dispatch for all six layers.

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

fn adam(at: u32, gradient: vec4f) {
    let m = BETA1 * first[at] + ONE_MINUS_BETA1 * gradient;
    let v = BETA2 * second[at] + ONE_MINUS_BETA2 * gradient * gradient;
    first[at] = m;
    second[at] = v;
    parameters[at] -= step.step_size * m / (sqrt(v) * step.inverse_root + EPSILON);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) thread: vec3u) {
    var which = 0u;
    for (var next = 1u; next < 6u; next += 1u) {
        if group.x >= layers[next].before {
            which = next;
        }
    }
    let layer = layers[which];
    let within = group.x - layer.before;
    let column = (within % layer.across) * 8u + thread.x;
    let row = (within / layer.across) * 8u + thread.y;
    var r0 = vec4f();
    var r1 = vec4f();
    var r2 = vec4f();
    var r3 = vec4f();
    var left = layer.units + row;
    var right = layer.derivatives + column;
    // Behind the batch's spectra up to the next tile, derivatives are 0.
    for (var n = 0u; n < step.spectra; n += 2u) {
        let a = work[left];
        let b = work[right];
        let c = work[left + layer.units_stride];
        let d = work[right + layer.derivatives_stride];
        r0 += a.x * b + c.x * d;
        r1 += a.y * b + c.y * d;
        r2 += a.z * b + c.z * d;
        r3 += a.w * b + c.w * d;
        left += 2u * layer.units_stride;
        right += 2u * layer.derivatives_stride;
    }
    let at = layer.weights + row * 4u * layer.derivatives_stride + column;
    adam(at, r0);
    adam(at + layer.derivatives_stride, r1);
    adam(at + 2u * layer.derivatives_stride, r2);
    adam(at + 3u * layer.derivatives_stride, r3);
}
