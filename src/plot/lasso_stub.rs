use super::Frame;
pub fn rows_in_rectangle(_: &Frame, _: &[f32], _: &[f32], _: (f64,f64), _: (f64,f64)) -> Vec<u32> { Vec::new() }
pub fn rows_in_polygon(_: &Frame, _: &[f32], _: &[f32], _: &[(f64,f64)]) -> Vec<u32> { Vec::new() }
pub fn simplify(line: &[(f64,f64)], _: f64) -> Vec<(f64,f64)> { line.to_vec() }
