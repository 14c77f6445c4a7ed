// What was measured, as a page to read.

const OURS = 'Spectrascape';

/** RESULTS.md from results.json. */
export function table(results) {
  const head = '# Results\n\nMade by `cargo xtask bench`, which also writes `results.json`. Ours and the peers redraw in turns, in one page of one browser; the\nfirst redraw of each is not counted.\n';
  return [head, ...Object.entries(results).map(([name, result]) => section(name, result))].join('\n');
}

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
