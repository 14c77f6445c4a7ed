// A workgroup a spectrum: both heads, the draw from q(z|x), and the decoder's first layer.

struct Op {
    hidden: u32,
    hidden_stride: u32,
    hidden_width: u32,
    head_weights: u32,
    head_stride: u32,
    heads: u32,
    latent: u32,
    latent_stride: u32,
    latents: u32,
    decoder_weights: u32,
    out: u32,
    slope: f32,
}

@group(0) @binding(1) var<uniform> op: Op;

// Parts of the sums of at most 64 head units: [4][64].
var<workgroup> sums: array<f32, 256>;
var<workgroup> heads: array<f32, 64>;
var<workgroup> latent: array<f32, 32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
    let row = group.x;
    let part = thread / 16u;
    for (var unit = thread % 16u; unit < 64u; unit += 16u) {
        var sum = 0.0;
        if unit < 2u * op.latents {
            for (var k = part; k <= op.hidden_width; k += 4u) {
                let weight = parameters[op.head_weights + k * op.head_stride + unit / 4u][unit % 4u];
                sum += work[op.hidden + row * op.hidden_stride + k / 4u][k % 4u] * weight;
            }
        }
        sums[part * 64u + unit] = sum;
    }
    workgroupBarrier();
    heads[thread] = sums[thread] + sums[64u + thread] + sums[128u + thread] + sums[192u + thread];
    workgroupBarrier();
    if thread < 32u {
        var z = select(0.0, 1.0, thread == op.latents);
        if thread < op.latents {
            z = heads[thread];
            if step.sampled == 1u && row < step.spectra {
                let noise = bitcast<f32>(inputs[step.noise + row * op.latents + thread]);
                z += noise * exp(0.5 * heads[op.latents + thread]);
            }
        }
        latent[thread] = z;
    }
    workgroupBarrier();
    if thread < op.head_stride {
        let at = thread * 4u;
        work[op.heads + row * op.head_stride + thread] = vec4f(heads[at], heads[at + 1u], heads[at + 2u], heads[at + 3u]);
    }
    if thread < op.latent_stride {
        let at = thread * 4u;
        let z = vec4f(latent[at], latent[at + 1u], latent[at + 2u], latent[at + 3u]);
        work[op.latent + row * op.latent_stride + thread] = z;
    }
    for (var column = thread; column < op.hidden_stride; column += 64u) {
        var sum = vec4f();
        for (var k = 0u; k <= op.latents; k += 1u) {
            sum += latent[k] * parameters[op.decoder_weights + k * op.hidden_stride + column];
        }
        work[op.out + row * op.hidden_stride + column] = units(sum, column * 4u, op.hidden_width, op.slope);
    }
}
