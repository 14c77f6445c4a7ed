// A tile of a matrix product, 32 x 32, by 64 invocations, each with 4 x 4 of its numbers in registers. A kernel gives the
// function `load`, which brings 32 columns of the left matrix and 32 rows of the right one into workgroup memory.

struct Block {
    r0: vec4f,
    r1: vec4f,
    r2: vec4f,
    r3: vec4f,
}

// [inner 32][rows of the left matrix 32 / 4]
var<workgroup> left: array<vec4f, 256>;
// [inner 32][columns of the right matrix 32 / 4]
var<workgroup> right: array<vec4f, 256>;

fn product(tile: vec2u, thread: vec2u, inner: u32) -> Block {
    var r0 = vec4f();
    var r1 = vec4f();
    var r2 = vec4f();
    var r3 = vec4f();
    for (var chunk = 0u; chunk < inner; chunk += 1u) {
        load(tile, thread, chunk);
        workgroupBarrier();
        for (var k = 0u; k < 256u; k += 8u) {
            let a = left[k + thread.y];
            let b = right[k + thread.x];
            r0 += a.x * b;
            r1 += a.y * b;
            r2 += a.z * b;
            r3 += a.w * b;
        }
        workgroupBarrier();
    }
    return Block(r0, r1, r2, r3);
}

// Four rows of the left matrix, four numbers each, turned on their side.
fn put_left(at: u32, a: vec4f, b: vec4f, c: vec4f, d: vec4f) {
    left[at] = vec4f(a.x, b.x, c.x, d.x);
    left[at + 8u] = vec4f(a.y, b.y, c.y, d.y);
    left[at + 16u] = vec4f(a.z, b.z, c.z, d.z);
    left[at + 24u] = vec4f(a.w, b.w, c.w, d.w);
}
