// The batch's loss terms, out of their parts, into its slot.

struct Op {
    // Parts of the reconstruction's loss, `across` for every four spectra.
    reconstruction: u32,
    across: u32,
    // KL and the sums of the MMD, 64 parts a spectrum.
    code: u32,
}

@group(0) @binding(1) var<uniform> op: Op;

// Two sums of 32 parts.
var<workgroup> parts: array<vec4f, 64>;

@compute @workgroup_size(32)
fn main(@builtin(local_invocation_index) thread: u32) {
    var squares = vec4f();
    for (var i = thread; i < op.across * step.tiles * 8u; i += 32u) {
        squares += work[op.reconstruction + i];
    }
    var sum = vec4f();
    for (var i = thread; i < step.spectra * 64u; i += 32u) {
        sum += work[op.code + i];
    }
    parts[thread] = squares;
    parts[32u + thread] = sum;
    workgroupBarrier();
    if thread > 0u {
        return;
    }
    for (var i = 1u; i < 32u; i += 1u) {
        squares += parts[i];
        sum += parts[32u + i];
    }
    let n = f32(step.spectra);
    let m = f32(step.draws);
    losses[step.slot] = 0.5 * dot(squares, vec4f(1.0)) / n;
    losses[step.slot + 1u] = sum.x / n;
    losses[step.slot + 2u] = sum.y / (n * n) + sum.w / (m * m) - 2.0 * sum.z / (n * m);
}
