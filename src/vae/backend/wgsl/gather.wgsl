// The batch's spectra, out of the set: x = flux - mean, and weights w = 1 / (1 / ivar + epsilon); both 0 where the flux is not a
// number, w = 0 where masked. Half precision is read bit by bit: shaders may take it that there are no infinities.

struct Op {
    x: u32,
    weight: u32,
    mean: u32,
    stride: u32,
    pixels: u32,
    // Words of 32 bits, two numbers each, in a spectrum.
    words: u32,
    unweighted: u32,
    epsilon: f32,
}

@group(0) @binding(1) var<uniform> op: Op;

fn bits(word: u32, pixel: u32) -> u32 {
    return (word >> ((pixel & 1u) * 16u)) & 0xffffu;
}

fn finite(half: u32) -> bool {
    return (half & 0x7c00u) != 0x7c00u;
}

// Of a finite half-precision number; the smallest ones, below 2^-14, have no hidden bit.
fn widened(half: u32) -> f32 {
    let exponent = (half >> 10u) & 31u;
    let fraction = half & 1023u;
    let usual = bitcast<f32>(((exponent + 112u) << 23u) | (fraction << 13u));
    let size = select(usual, f32(fraction) * 5.9604644775390625e-8, exponent == 0u);
    return select(size, -size, (half & 0x8000u) != 0u);
}

fn softened(half: u32) -> f32 {
    let positive = finite(half) && (half & 0x8000u) == 0u && half != 0u;
    let value = widened(half);
    return select(0.0, value / (1.0 + op.epsilon * value), positive);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let column = id.x;
    let row = id.y;
    if column >= op.stride {
        return;
    }
    var x = vec4f();
    var weight = vec4f();
    if row < step.spectra {
        let start = inputs[step.rows + row] * op.words;
        let mean = work[op.mean + column];
        for (var i = 0u; i < 4u; i += 1u) {
            let pixel = column * 4u + i;
            if pixel < op.pixels {
                let f = bits(flux[start + pixel / 2u], pixel);
                if finite(f) {
                    x[i] = widened(f) - mean[i];
                    weight[i] = 1.0;
                    if op.unweighted == 0u {
                        weight[i] = softened(bits(ivar[start + pixel / 2u], pixel));
                    }
                }
            }
            if pixel == op.pixels {
                x[i] = 1.0;
            }
        }
    }
    let at = row * op.stride + column;
    work[op.x + at] = x;
    work[op.weight + at] = weight;
}
