// What a machine can find of barriers: axe-core reads the page as it stands, large, dark and on a phone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, modules, open } from './harness.mjs';

const AXE = readFileSync(join(modules, 'axe-core/axe.min.js'), 'utf8');
/** What keeps somebody out. The rest is listed, and judged by a person. */
const GRAVE = ['serious', 'critical'];

const VIEWS = {
  '1440 x 900, light': { colorScheme: 'light' },
  '1440 x 900, dark': { colorScheme: 'dark' },
  '390 x 844': { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Every rule that the page breaks, what axe-core leaves to a person, each with its elements, and how many rules are kept. */
async function examined(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations, incomplete, passes } = await axe.run(document, { resultTypes: ['violations', 'incomplete'] });
    const why = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join('; ');
    const element = (node) => `${node.target.flat().join(' ')}: ${node.html.slice(0, 160)} (${why(node)})`;
    const findings = (results) => results.map(({ id, impact, help, nodes }) => ({ id, impact, help, elements: nodes.map(element) }));
    return { broken: findings(violations), unsure: findings(incomplete), kept: passes.length };
  });
}

/** Asserts that no finding is grave; all of them are told. */
async function assertOpenToAll(t, app, where) {
  const { broken, unsure, kept } = await examined(app.page);
  const tell = (sort, findings) => findings.forEach(({ id, impact, help, elements }) => {
    t.diagnostic([`${where}: ${sort}, ${impact}: ${id}, ${help}:`, ...elements].join('\n    '));
  });
  tell('broken', broken);
  tell('for a person to judge', unsure);
  // Of a blank page, or a checker that has not run, nothing would be found either.
  assert.ok(kept > 15, `axe-core has applied its rules, ${kept} of them kept`);
  const grave = broken.filter(({ impact }) => GRAVE.includes(impact));
  const told = grave.map(({ id, elements }) => `${id}:\n    ${elements.join('\n    ')}`);
  assert.deepEqual(told, [], `${where}: nothing that axe-core calls serious or critical`);
}

for (const [view, context] of Object.entries(VIEWS)) {
  test(`accessibility, ${view}: axe-core finds nothing serious`, async (t) => {
    const app = await open(t, browser, { context });
    await assertOpenToAll(t, app, 'as it opens');
    await app.selectPoint(0.5);
    await app.settled('spectrum');
    await assertOpenToAll(t, app, 'a point selected');
    // Whatever can be unfolded is part of the page.
    await app.page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
    await assertOpenToAll(t, app, 'all unfolded');
    for (const tab of await app.page.getByRole('tab').all()) {
      if (!(await tab.isVisible())) continue;
      await tab.click();
      await assertOpenToAll(t, app, `at the tab "${(await tab.innerText()).trim()}"`);
    }
    await app.get('lessons').click();
    await assertOpenToAll(t, app, 'the list of lessons');
    await app.get('lesson-1').click();
    await assertOpenToAll(t, app, 'a step of a lesson');
    await app.get('lesson-step-5').click();
    await app.get('answer-3').click();
    await assertOpenToAll(t, app, 'a question answered');
    app.assertClean();
  });
}

test('accessibility, an error on the page: axe-core finds nothing serious', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&axes=9,77', expectErrors: true });
  await app.oneClearSentence();
  await assertOpenToAll(t, app, 'an error shown');
  app.assertClean();
});

test('accessibility, the checker sees a barrier where there is one', async (t) => {
  const app = await open(t, browser);
  await app.page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<main><button></button></main>'));
  const { broken } = await examined(app.page);
  assert.ok(broken.some(({ id, impact }) => id === 'button-name' && GRAVE.includes(impact)), 'a button without a name is found');
});
