// What every kernel sees. Matrices lie in rows; a row's length, its stride, is a multiple of 32, so a tile never reaches beyond
// its matrix and four numbers are read at a time. Offsets and strides count groups of four.

struct Step {
    // Spectra n of the batch, and draws m of the prior.
    spectra: u32,
    draws: u32,
    // Where the batch's row numbers, noise and prior draws begin in `inputs`.
    rows: u32,
    noise: u32,
    prior: u32,
    // Where the losses go.
    slot: u32,
    // 1: the latents are drawn from q(z|x); 0: they are the means.
    sampled: u32,
    // Tiles of 32 rows that the batch takes.
    tiles: u32,
    // Adam's step size with its first correction, and the root of its second one, inverted.
    step_size: f32,
    inverse_root: f32,
    // What the derivatives of KL and of the plain MMD are multiplied by.
    kl_weight: f32,
    mmd_weight: f32,
}

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> first: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> second: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> work: array<vec4f>;
@group(0) @binding(6) var<storage, read> flux: array<u32>;
@group(0) @binding(7) var<storage, read> ivar: array<u32>;
@group(0) @binding(8) var<storage, read> inputs: array<u32>;
@group(0) @binding(9) var<storage, read_write> losses: array<f32>;

// A layer's units after the activation, four at column `at`. Behind the last one stands a 1, which multiplies the next
// layer's biases: they are the last row of its weights.
fn units(v: vec4f, at: u32, width: u32, slope: f32) -> vec4f {
    let columns = vec4u(at, at + 1u, at + 2u, at + 3u);
    let activated = activate(v, slope);
    return select(select(activated, vec4f(1.0), columns == vec4u(width)), vec4f(0.0), columns > vec4u(width));
}

// The derivative by four units before the activation, from that after it and the units themselves; 0 behind the last one.
fn through_units(derivative: vec4f, unit: vec4f, at: u32, width: u32, slope: f32) -> vec4f {
    let columns = vec4u(at, at + 1u, at + 2u, at + 3u);
    let passed = activate_gradient(derivative, unit, slope);
    return select(passed, vec4f(0.0), columns >= vec4u(width));
}
