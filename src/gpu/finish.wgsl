// The batch's loss terms, out of their parts, into its slot.

struct Op {
    // Parts of the reconstruction's loss, 64 a tile, and how many tiles lie side by side.
    reconstruction: u32,
    across: u32,
    // KL and the sums of the MMD, one a spectrum.
    code: u32,
}

@group(0) @binding(1) var<uniform> op: Op;

var<workgroup> squares: array<f32, 256>;
var<workgroup> sums: array<vec4f, 256>;

@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) thread: u32) {
    var square = 0.0;
    for (var i = thread; i < op.across * step.tiles * 64u; i += 256u) {
        square += dot(work[op.reconstruction + i], vec4f(1.0));
    }
    var sum = vec4f();
    for (var i = thread; i < step.spectra; i += 256u) {
        sum += work[op.code + i];
    }
    squares[thread] = square;
    sums[thread] = sum;
    workgroupBarrier();
    for (var half = 128u; half > 0u; half /= 2u) {
        if thread < half {
            squares[thread] += squares[thread + half];
            sums[thread] += sums[thread + half];
        }
        workgroupBarrier();
    }
    if thread == 0u {
        let n = f32(step.spectra);
        let m = f32(step.draws);
        let all = sums[0];
        losses[step.slot] = 0.5 * squares[0] / n;
        losses[step.slot + 1u] = all.x / n;
        losses[step.slot + 2u] = all.y / (n * n) + all.w / (m * m) - 2.0 * all.z / (n * m);
    }
}
