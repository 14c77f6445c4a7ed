// Spectra of one's own, made here: tables of galaxies at any redshift; and the table on the page that lists them.

/** A file as a chooser hands it over. */
export const file = (name, content) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });

/** A table of a galaxy at a redshift: a continuum with a break, and H-alpha, [N II], [O III] and H-beta in emission, seeded noise. */
export function table(redshift, { errors = true, comment = '' } = {}) {
  let seed = 7;
  const uniform = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const gauss = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const lines = [[6564.61, 30], [6585.27, 10], [6549.86, 3.3], [5008.24, 20], [4960.3, 6.7], [4862.68, 10], [3728.5, 18]];
  const rows = [];
  for (let wavelength = 3800; wavelength <= 9200; wavelength += 1.5) {
    const rest = wavelength / (1 + redshift);
    const continuum = 10 * (rest < 4000 ? 0.75 : 1) * (rest / 5500) ** -0.4;
    const flux = lines.reduce((sum, [at, height]) => sum + height * Math.exp(-0.5 * ((rest - at) / 3) ** 2), continuum) + 0.4 * gauss();
    rows.push([wavelength.toFixed(2), flux.toFixed(5), ...(errors ? ['0.4'] : [])].join(','));
  }
  return [comment, ['wavelength', 'flux', ...(errors ? ['error'] : [])].join(','), ...rows].filter(Boolean).join('\n');
}

/** Tables of galaxies at redshifts 0.05, 0.06, … 0.24, and again, each with its redshift in a comment. */
export const galaxies = (count) => Array.from({ length: count }, (_, i) => {
  const redshift = (0.05 + 0.01 * (i % 20)).toFixed(2);
  return file(`mine${i}.csv`, table(Number(redshift), { comment: `# redshift = ${redshift}` }));
});

/** The rows of the page's table, and its cells. */
export const row = (app, i) => app.get('own-spectra').locator('tbody').nth(i);
export const count = (app) => app.get('own-spectra').locator('tbody').count();
export const cell = (app, i, column) => row(app, i).locator(`td[data-cell="${column}"]`).innerText();
