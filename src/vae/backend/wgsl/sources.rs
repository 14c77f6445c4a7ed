//! The kernels' sources, whole: their constants come from [`adam`] and [`objective`], their activation from [`activation`].

use crate::vae::{activation, adam, objective};

const COMMON: &str = include_str!("common.wgsl");
const PRODUCT: &str = include_str!("product.wgsl");

/// The kernels' own parts, in the order of [`super::plan::Kernel`]; the second is the matrix product, where a kernel has the plain one.
pub const KERNELS: [(&str, &str, &str); 8] = [
    ("gather", "", include_str!("gather.wgsl")),
    ("forward", PRODUCT, include_str!("forward.wgsl")),
    ("code", "", include_str!("code.wgsl")),
    ("output", PRODUCT, include_str!("output.wgsl")),
    ("backward", "", include_str!("backward.wgsl")),
    ("code_back", "", include_str!("code_back.wgsl")),
    ("update", "", include_str!("update.wgsl")),
    ("finish", "", include_str!("finish.wgsl")),
];

/// Returns every kernel's name and source, in the order of [`super::plan::Kernel`].
pub fn all() -> Vec<(&'static str, String)> {
    let constants = constants();
    let source = |product: &str, kernel: &str| [&constants, activation::WGSL, COMMON, product, kernel].join("\n");
    KERNELS.iter().map(|&(name, product, kernel)| (name, source(product, kernel))).collect()
}

/// Returns the definitions that stand before every kernel.
pub fn constants() -> String {
    let constants = [
        ("BETA1", adam::BETA1 as f32),
        ("ONE_MINUS_BETA1", (1.0 - adam::BETA1) as f32),
        ("BETA2", adam::BETA2 as f32),
        ("ONE_MINUS_BETA2", (1.0 - adam::BETA2) as f32),
        ("EPSILON", adam::EPSILON as f32),
        ("KERNEL_EXPONENT", objective::KERNEL_EXPONENT),
    ];
    constants.iter().map(|(name, value)| format!("const {name}: f32 = {value:?};\n")).collect()
}
