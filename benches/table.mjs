// What was measured, as a page to read.

const OURS = 'Spectrascape';

/** RESULTS.md from results.json. */
export function table(results) {
  const head = '# Results\n\nMade by `cargo xtask bench`, which also writes `results.json`. Ours and the peers redraw in turns, in one page of one browser; the\nfirst redraw of each is not counted.\n';
  const kinds = { scatter: section, train: training, fit: fits };
  return [head, ...Object.entries(results).map(([name, result]) => kinds[name](name, result))].join('\n');
}

/** The training step: everybody's time beside the machine's own floor. */
function training(name, { about, machine, browser, versions, bytes, date, cases: [{ title, floor, results }] }) {
  const peers = Object.entries(versions).filter(([peer]) => /tensorflow|jax/.test(peer));
  const facts = [
    `- Machine: ${machine}`,
    `- Browser: ${browser}`,
    `- Versions: ${peers.map(([peer, version]) => `${peer} ${version}`).join(', ')}; our bench's wasm has ${bytes} bytes`,
    `- Date: ${date}`,
    `- ${about}`,
    `- *floor* is what the machine needs at least, measured in the same turns in one thread of wasm: ${(floor.operations / 1e6).toFixed(0)} million multiplications and additions at the rate of a kernel that stays in registers, ${ms(floor.products.median)} ms (fastest ${ms(floor.products.min)}), and one pass over weights, gradient and Adam's two moments, ${ms(floor.pass.median)} ms (${ms(floor.pass.min)})`,
    '- *loss apart* is the relative difference of the loss at the last step from ours at the same step; *first* is the first step, with all compiling',
  ].join('\n');
  const ours = results.find(({ name }) => name === OURS);
  const lines = results.map(({ name, steps, seen, first, apart, error }) => (error
    ? `| ${name} | ${error.replaceAll('|', '/')} | | | | | | | | |`
    : `| ${[name, steps, ms(seen.median), ms(seen.p95), ms(seen.min), ms(first), times(seen.median / floor.all.median), times(seen.min / floor.all.min), name === OURS ? '' : times(seen.median / ours.seen.median), name === OURS ? '' : apart.toExponential(0)].join(' | ')} |`));
  return `## ${name}\n\n${facts}\n\n### ${title}\n
| who | steps | median ms | p95 ms | fastest ms | first ms | times floor | fastest, times floor | times ours | loss apart |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
${lines.join('\n')}\n`;
}

/** The fit of latents, without peers. */
function fits(name, { about, machine, browser, bytes, date, cases: [{ title, spectra, steps, results }] }) {
  const facts = [
    `- Machine: ${machine}`,
    `- Browser: ${browser}`,
    `- Our bench's wasm has ${bytes} bytes`,
    `- Date: ${date}`,
    `- ${about}; ${spectra} spectra, ${steps.toFixed(2)} steps each`,
  ].join('\n');
  const lines = results.map(({ name, seen }) => `| ${[name, ms(seen.median), ms(seen.p95), ms(seen.min)].join(' | ')} |`);
  return `## ${name}\n\n${facts}\n\n### ${title}\n\nWanted: at most 3 ms for a fit.\n\n| what | median ms | p95 ms | fastest ms |\n| --- | --: | --: | --: |\n${lines.join('\n')}\n`;
}

const times = (ratio) => String(Number(ratio.toPrecision(3)));

function section(name, { about, machine, browser, versions, bytes, date, cases }) {
  const facts = [
    `- Machine: ${machine}`,
    `- Browser: ${browser}`,
    `- Versions: ${Object.entries(versions).map(([peer, version]) => `${peer} ${version}`).join(', ')}; our bench's wasm has ${bytes} bytes`,
    `- Date: ${date}`,
    `- ${about[0].toUpperCase()}${about.slice(1)}`,
    '- *ms* is until a pixel of the picture has been read back, for which all of it must have been drawn; *call* is the call alone',
  ].join('\n');
  return [`## ${name}\n\n${facts}\n`, ...cases.map(rows)].join('\n');
}

function rows({ title, reach, results }) {
  const ours = results.find(({ name }) => name === OURS);
  const lines = results.map(({ name, redraws, call, seen }) => {
    const ratio = name === OURS ? '' : String(Number((seen.median / ours.seen.median).toPrecision(2)));
    return `| ${[name, redraws, ...[seen.median, seen.p95, seen.min, call.median, call.p95].map(ms), ratio].join(' | ')} |`;
  });
  const parts = Object.entries(ours.parts ?? {}).map(([part, { median, p95 }]) => `${part} ${ms(median)} (${ms(p95)})`);
  const verdict = ours.seen.p95 <= reach ? 'reached' : 'NOT reached';
  return `### ${title}\n\nWanted: a 95th percentile of at most ${reach} ms: ${verdict}, with ${ms(ours.seen.p95)} ms.\n
| who | redraws | median ms | p95 ms | fastest ms | median call | p95 call | times ours |
| --- | --: | --: | --: | --: | --: | --: | --: |
${lines.join('\n')}\n${parts.length ? `\nOf ours, median and p95: ${parts.join(', ')}.\n` : ''}`;
}

const ms = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
