// A workgroup a spectrum i: KL and MMD with their derivatives, and back through the decoder's first layer, the draw and the heads.
//
// MMD = mean k(z, z') + mean k(p, p') - 2 mean k(z, p), k(x, y) = exp(E mean over latents of (x - y)^2), E of `vae/objective.rs`, so by z_i
//     4 E / (d n^2) sum_j k(z_i, z_j) (z_i - z_j) - 4 E / (d n m) sum_l k(z_i, p_l) (z_i - p_l):
// each k is computed once, for the loss and for its derivative.

struct Op {
    // Derivatives by the units of the decoder's first layer, whose weights are `decoder_weights`.
    derivatives: u32,
    decoder_weights: u32,
    hidden: u32,
    hidden_stride: u32,
    hidden_width: u32,
    head_weights: u32,
    head_stride: u32,
    heads: u32,
    latent: u32,
    latent_stride: u32,
    latents: u32,
    heads_out: u32,
    hidden_out: u32,
    partial: u32,
    slope: f32,
}

@group(0) @binding(1) var<uniform> op: Op;

// What the derivative weighs 64 other samples with.
var<workgroup> d_samples: array<f32, 64>;
// Parts of the derivative by the latents: [4][32].
var<workgroup> sums: array<f32, 128>;
var<workgroup> heads: array<f32, 64>;

fn latent(row: u32, at: u32) -> f32 {
    return work[op.latent + row * op.latent_stride + at / 4u][at % 4u];
}

fn drawn(row: u32, at: u32) -> f32 {
    return bitcast<f32>(inputs[step.prior + row * op.latents + at]);
}

// The latents of the batch, then the draws of the prior.
fn other(j: u32, at: u32) -> f32 {
    if j < step.spectra {
        return latent(j, at);
    }
    return drawn(j - step.spectra, at);
}

fn kernel(squares: f32) -> f32 {
    return exp(KERNEL_EXPONENT * squares / f32(op.latents));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
    let row = group.x;
    if row >= step.spectra {
        if thread < op.head_stride {
            work[op.heads_out + row * op.head_stride + thread] = vec4f();
        }
        for (var column = thread; column < op.hidden_stride; column += 64u) {
            work[op.hidden_out + row * op.hidden_stride + column] = vec4f();
        }
        work[op.partial + row * 64u + thread] = vec4f();
        return;
    }
    let part = thread / 16u;
    let lane = thread % 16u;
    for (var d = lane; d < op.latents; d += 16u) {
        var sum = 0.0;
        for (var column = part; column < op.hidden_stride; column += 4u) {
            sum += dot(work[op.derivatives + row * op.hidden_stride + column],
                       parameters[op.decoder_weights + d * op.hidden_stride + column]);
        }
        sums[part * 32u + d] = sum;
    }

    let n = f32(step.spectra);
    let m = f32(step.draws);
    let scale = -4.0 * KERNEL_EXPONENT * step.mmd_weight / (f32(op.latents) * n);
    // KL, then sums of k(z, z'), k(z, p) and k(p, p').
    var total = vec4f();
    for (var base = 0u; base < step.spectra + step.draws; base += 64u) {
        let j = base + thread;
        d_samples[thread] = 0.0;
        if j < step.spectra + step.draws {
            var squares = 0.0;
            for (var d = 0u; d < op.latents; d += 1u) {
                let apart = latent(row, d) - other(j, d);
                squares += apart * apart;
            }
            let k = kernel(squares);
            if j < step.spectra {
                total.y += k;
                d_samples[thread] = -scale * k / n;
            } else {
                total.z += k;
                d_samples[thread] = scale * k / m;
            }
        }
        workgroupBarrier();
        for (var d = lane; d < op.latents; d += 16u) {
            var sum = 0.0;
            for (var i = part; i < min(64u, step.spectra + step.draws - base); i += 4u) {
                sum += d_samples[i] * (latent(row, d) - other(base + i, d));
            }
            sums[part * 32u + d] += sum;
        }
        workgroupBarrier();
    }
    for (var p = row; p < step.draws; p += step.spectra) {
        for (var q = thread; q < step.draws; q += 64u) {
            var squares = 0.0;
            for (var d = 0u; d < op.latents; d += 1u) {
                let apart = drawn(p, d) - drawn(q, d);
                squares += apart * apart;
            }
            total.w += kernel(squares);
        }
    }

    heads[thread] = 0.0;
    workgroupBarrier();
    if thread < op.latents {
        let at = op.heads + row * op.head_stride;
        let mean = work[at + thread / 4u][thread % 4u];
        let unit = op.latents + thread;
        let log_var = work[at + unit / 4u][unit % 4u];
        let by_latent = sums[thread] + sums[32u + thread] + sums[64u + thread] + sums[96u + thread];
        let variance = exp(log_var);
        var by_log_var = step.kl_weight * 0.5 * (variance - 1.0) / n;
        if step.sampled == 1u {
            let noise = bitcast<f32>(inputs[step.noise + row * op.latents + thread]);
            by_log_var += by_latent * noise * 0.5 * exp(0.5 * log_var);
        }
        heads[thread] = by_latent + step.kl_weight * mean / n;
        heads[unit] = by_log_var;
        total.x = 0.5 * (mean * mean + variance - log_var - 1.0);
    }
    work[op.partial + row * 64u + thread] = total;
    workgroupBarrier();
    if thread < op.head_stride {
        let at = thread * 4u;
        work[op.heads_out + row * op.head_stride + thread] = vec4f(heads[at], heads[at + 1u], heads[at + 2u], heads[at + 3u]);
    }
    for (var column = thread; column < op.hidden_stride; column += 64u) {
        var derivative = vec4f();
        for (var i = 0u; i < 4u; i += 1u) {
            let weights = op.head_weights + (column * 4u + i) * op.head_stride;
            for (var o = 0u; o < op.head_stride; o += 1u) {
                let at = o * 4u;
                derivative[i] += dot(vec4f(heads[at], heads[at + 1u], heads[at + 2u], heads[at + 3u]), parameters[weights + o]);
            }
        }
        let at = row * op.hidden_stride + column;
        let out = through_units(derivative, work[op.hidden + at], column * 4u, op.hidden_width, op.slope);
        work[op.hidden_out + at] = out;
    }
}
