//! The activation of every hidden layer: ReLU in the paper, leaky ReLU in its published code. A backend calls these functions or takes
//! the kernel's source from here; to try another activation, change this file.

#[cfg(feature = "engine")]
use burn::tensor::{Tensor, activation};

/// Returns the activation of `x`, which falls with `slope` below zero.
#[inline(always)]
pub fn activate(x: f32, slope: f32) -> f32 {
    if x <= 0.0 { x * slope } else { x }
}

/// Returns the derivative before the activation from that after it, `d`, and the activated value. Needs a slope of 0 or more, by which
/// the sign of the activated value is that of `x`.
#[inline(always)]
pub fn activate_gradient(d: f32, activated: f32, slope: f32) -> f32 {
    if activated > 0.0 { d } else { d * slope }
}

/// Returns the activation of every number of a tensor.
#[cfg(feature = "engine")]
pub fn activate_tensor(x: Tensor<2>, slope: f32) -> Tensor<2> {
    match slope {
        0.0 => activation::relu(x),
        slope => activation::leaky_relu(x, f64::from(slope)),
    }
}

/// [`activate`] and [`activate_gradient`] of four numbers, in WGSL.
pub const WGSL: &str = "
fn activate(x: vec4f, slope: f32) -> vec4f {
    return select(x * slope, x, x > vec4f(0.0));
}

fn activate_gradient(d: vec4f, activated: vec4f, slope: f32) -> vec4f {
    return select(d * slope, d, activated > vec4f(0.0));
}
";
