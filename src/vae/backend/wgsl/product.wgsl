// Four rows and four columns of left . weights, by one invocation, straight from the buffers: both matrices fit a graphics
// processor's caches, and workgroup memory in between made the product slower and its kernel ten times slower to compile where
// that was measured (on the software adapter). `left` and `right` are where the rows and columns begin.
fn product(left: u32, left_stride: u32, right: u32, right_stride: u32) -> array<vec4f, 4> {
    var r0 = vec4f();
    var r1 = vec4f();
    var r2 = vec4f();
    var r3 = vec4f();
    var row = right;
    for (var k = left; k < left + left_stride; k += 1u) {
        let w0 = parameters[row];
        let w1 = parameters[row + right_stride];
        let w2 = parameters[row + 2u * right_stride];
        let w3 = parameters[row + 3u * right_stride];
        row += 4u * right_stride;
        let a0 = work[k];
        let a1 = work[k + left_stride];
        let a2 = work[k + 2u * left_stride];
        let a3 = work[k + 3u * left_stride];
        r0 += a0.x * w0 + a0.y * w1 + a0.z * w2 + a0.w * w3;
        r1 += a1.x * w0 + a1.y * w1 + a1.z * w2 + a1.w * w3;
        r2 += a2.x * w0 + a2.y * w1 + a2.z * w2 + a2.w * w3;
        r3 += a3.x * w0 + a3.y * w1 + a3.z * w2 + a3.w * w3;
    }
    return array<vec4f, 4>(r0, r1, r2, r3);
}
