// A cloud that looks like a simulated set's latents: six dimensions, four classes, from a seed; the same for everybody.

/** How common each class is, by its code, commonest first: it is drawn first, and the rare ones lie on top. */
const FRACTIONS = [0.627, 0.319, 0.04, 0.014];
const DIMENSIONS = 6;
/** Every class is a few Gaussians. */
const PARTS = 3;

/** Half of what is in view. */
export const REACH = 4;
/** The classes' colours, as the page's light theme has them: quiescent, emission-line, narrow-line, broad-line. */
export const COLORS = ['#d55e00', '#0072b2', '#009e73', '#c04f92'];

/** `count` points: six columns, and the class code of each. */
export function cloud(count, seed = 1) {
  const uniform = mulberry32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const vector = (scale) => Array.from({ length: DIMENSIONS }, () => scale * normal());
  const part = () => ({ middle: vector(0.9), along: vector(0.5), width: Array.from({ length: DIMENSIONS }, () => 0.15 + 0.35 * uniform()) });
  const classes = FRACTIONS.map(() => Array.from({ length: PARTS }, part));

  const columns = Array.from({ length: DIMENSIONS }, () => new Float32Array(count));
  const kind = new Uint8Array(count);
  let row = 0;
  FRACTIONS.forEach((fraction, index) => {
    const end = index + 1 === FRACTIONS.length ? count : Math.min(count, row + Math.round(fraction * count));
    for (; row < end; row += 1) {
      const { middle, along, width } = classes[index][Math.floor(PARTS * uniform())];
      // Latents are correlated: one step along a direction of the part's own, and noise.
      const step = normal();
      for (let d = 0; d < DIMENSIONS; d += 1) columns[d][row] = middle[d] + along[d] * step + width[d] * normal();
      kind[row] = index;
    }
  });
  return { count, columns, kind };
}

/** Tommy Ettinger's generator (public domain): 32 bits of state are enough for a picture. */
function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
