// The six lessons, every step by real clicks, as a visitor does them; and links to a step.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, until } from './harness.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const ORANGE = [213, 94, 0];
const BLUE = [0, 114, 178];
const PINK = [204, 80, 150];

/** What a visitor does at each step; the key is lesson.step. */
const acts = {
  '1.1': (app) => app.get('region-halpha').click(),
  '1.2': (app) => clickColour(app, ORANGE),
  '1.3': (app) => app.get('pin').click(),
  '1.4': (app) => clickColour(app, BLUE),
  '1.5': async (app) => {
    await app.get('answer-1').click();
    await until('a hint', async () => (await app.text('lesson-said')).length > 10);
    assert.equal(await app.get('lesson-done').count(), 0, 'a wrong answer does not do');
    await app.get('answer-3').click();
  },
  '1.6': (app) => app.get('color-by').selectOption('redshift'),
  '2.1': (app) => app.get('tab-pca').click(),
  '2.2': (app) => slide(app, 'pca-components', 1),
  '2.3': async (app) => {
    const one = Number(await app.text('pca-chi2'));
    await slide(app, 'pca-components', 10);
    await until('chi2 falls', async () => Number(await app.text('pca-chi2')) < one);
  },
  '2.4': (app) => clickColour(app, PINK),
  '2.5': (app) => app.get('answer-1').click(),
  '3.1': (app) => app.get('lesson-model').click(),
  '3.2': async (app) => {
    await app.slider(1).focus();
    for (let press = 0; press < 12; press += 1) await app.page.keyboard.press('ArrowRight');
  },
  '3.3': async (app) => {
    await app.get('tab-pca').click();
    await slide(app, 'pca-components', 6);
  },
  '3.4': (app) => app.clickPoint(0.7),
  '3.5': async (app) => {
    await until('the verdict', async () => /Of 512 spectra, ae6 fits \d+ better/.test(await app.text('pca-verdict')), () => app.text('pca-verdict'));
    const won = Number(/fits (\d+) better/.exec(await app.text('pca-verdict'))[1]);
    assert.ok(won > 256, `the autoencoder wins for most: ${won} of 512`);
    await app.get('answer-2').click();
  },
  '4.1': (app) => app.get('lesson-model').click(),
  '4.2': async (app) => {
    const before = await app.settled('spectrum');
    await app.get('lesson-hole').click();
    await app.redrawn('spectrum', before);
    await until('the page warns', async () => (await app.text('extrapolating')).includes('Extrapolating'));
  },
  '4.3': async (app) => {
    await app.get('tab-draws').click();
    await app.get('draw-places').click();
  },
  '4.4': (app) => app.get('lesson-model').click(),
  '4.5': (app) => app.get('draw-places').click(),
  '4.6': async (app) => {
    const counts = await app.get('draws-count').locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
    assert.deepEqual(counts.map((row) => row[0]), ['ae6', 'vae6']);
    const [plain, variational] = counts.map((row) => row.slice(1, 3).map(Number));
    const words = `like a galaxy of 64, from N(0, 1) and from its own Gaussian: ${plain} by ae6, ${variational} by vae6`;
    assert.ok(plain[0] < variational[0] && variational[0] < 64, words);
    // What the lesson says: from its own latents the plain autoencoder does about as well.
    assert.ok(plain[1] > plain[0] + 15 && Math.abs(plain[1] - variational[1]) <= 14, words);
    await app.get('answer-2').click();
  },
  '5.1': (app) => app.get('sweep-1').click(),
  '5.2': (app) => app.get('color-by').selectOption('truth_age'),
  '5.3': async (app) => {
    await app.get('axis-x').selectOption('3');
    await app.get('axis-y').selectOption('c:truth_dust');
  },
  '5.4': (app) => app.get('track-S').click(),
  '5.5': (app) => app.get('answer-2').click(),
  '6.1': (app) => app.get('tab-outliers').click(),
  '6.2': (app) => app.get('outliers').locator('button').nth(2).click(),
  '6.3': (app) => app.get('color-by').selectOption('lof'),
  '6.4': async (app) => {
    await app.get('tab-noise').click();
    await slide(app, 'noise-slider', 0.1);
  },
  '6.5': (app) => app.get('answer-2').click(),
};

/** Moves a slider, as dragging it would. */
async function slide(app, id, value) {
  await app.get(id).evaluate((input, value) => {
    input.value = String(value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);
}

/** Clicks points of about this colour until the step is done. */
async function clickColour(app, colour) {
  const places = await app.get('scatter').first().evaluate((canvas, [r, g, b]) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const box = canvas.getBoundingClientRect();
    const found = [];
    for (let y = Math.floor(canvas.height * 0.15); y < canvas.height * 0.85; y += 2) {
      for (let x = Math.floor(canvas.width * 0.15); x < canvas.width * 0.95; x += 2) {
        const i = 4 * (y * canvas.width + x);
        if (data[i + 3] < 200) continue;
        const far = Math.hypot(data[i] - r, data[i + 1] - g, data[i + 2] - b);
        found.push([far, { x: ((x + 0.5) * box.width) / canvas.width, y: ((y + 0.5) * box.height) / canvas.height }]);
      }
    }
    found.sort((a, b) => a[0] - b[0]);
    return found.slice(0, 400).filter((_, i) => i % 20 === 0).map((entry) => entry[1]);
  }, colour);
  for (const position of places) {
    if (await app.get('lesson-done').count()) return;
    const before = await app.selected();
    await app.get('scatter').first().click({ position });
    await until('another spectrum, or the same', async () => (await app.selected()) !== before || true);
    await app.page.waitForTimeout(150);
  }
}

async function done(app, place) {
  await until(`step ${place} is done`, async () => (await app.get('lesson-done').count()) === 1, async () => `${await app.text('lesson-ask')} ${await app.describe()}`);
}

for (const lesson of [1, 2, 3, 4, 5, 6]) {
  test(`lesson ${lesson} can be done by hand, a step at a time`, async (t) => {
    const app = await open(t, browser);
    await app.get('lessons').click();
    await app.get(`lesson-${lesson}`).click();
    const steps = Object.keys(acts).filter((key) => key.startsWith(`${lesson}.`));
    for (const place of steps) {
      await until(`the address names step ${place}`, () => app.permalink().get('lesson') === place, () => app.page.url());
      assert.equal(await app.get('lesson-done').count(), 0, `step ${place} is not done when it begins`);
      // The card never covers what is meant.
      const pointed = app.page.locator('[data-pointed]');
      if (await pointed.count()) {
        await pointed.first().scrollIntoViewIfNeeded();
      }
      await acts[place](app);
      await done(app, place);
      await app.get('lesson-next').click();
    }
    // After the last step of all the list is there already.
    if (lesson < 6) await app.get('lesson-list').click();
    assert.match(await app.get(`lesson-${lesson}`).innerText(), /done/);
    assert.equal(await app.error(), '');
    app.assertClean();
  });
}

test('every step can be shown to who is stuck', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&lesson=1.1' });
  for (const place of Object.keys(acts)) {
    await until(`step ${place} is open`, () => app.permalink().get('lesson') === place, () => app.page.url());
    for (let asked = 0; asked < 3 && !(await app.get('lesson-done').count()); asked += 1) {
      await app.get('lesson-show').click();
      // The first press may only open the model that the step is about, or wait for a list.
      await until('something came of it', async () => (await app.get('lesson-done').count()) === 1 || (await app.get('lesson-model').count()) === 0, () => app.describe());
      await app.page.waitForTimeout(800);
    }
    await done(app, place);
    await app.get('lesson-next').click();
  }
  await until('the list says that all is done', async () => (await app.get('lesson-card').innerText()).match(/✓ done/g)?.length === 6);
  app.assertClean();
});

test('a link to a step opens it, and what was done is remembered in this browser', async (t) => {
  const here = await open(t, browser, { hash: '#v=1&lesson=2.3' });
  assert.match(await here.text('lesson-card'), /Ten numbers/);
  await here.get('lesson-copy').click();
  let link = '';
  await until('the link is on the clipboard', async () => (link = await here.page.evaluate(() => navigator.clipboard.readText())).includes('lesson=2.3'));
  await here.get('tab-pca').click();
  await slide(here, 'pca-components', 10);
  await done(here, '2.3');
  await here.page.goto(`${here.origin}/#v=1&lesson=2.4`);
  await until('the other step is open', async () => (await here.text('lesson-card')).includes('Where sums fail'));
  await here.ready();
  await until('the third dot is done', async () => (await here.get('lesson-step-3').getAttribute('aria-label')).includes('done'));
  const there = await open(t, browser, { hash: new URL(link).hash, url: here.origin });
  assert.match(await there.text('lesson-card'), /Ten numbers/);
  there.assertClean();
});

test('lessons by keyboard: opened, walked, closed, and the focus comes back', async (t) => {
  const app = await open(t, browser);
  await app.get('lessons').focus();
  await app.page.keyboard.press('Enter');
  const focused = () => app.page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.textContent);
  const focusIsOn = (what) => until(`the focus is on ${what}`, async () => (await focused()).match(what), focused);
  await focusIsOn(/Six short lessons/);
  await app.get('lesson-3').focus();
  await app.page.keyboard.press('Enter');
  await focusIsOn(/Through a narrow door/);
  // A key goes to the step's control, which lies in the card here, and back.
  await app.page.keyboard.press('F6');
  await focusIsOn(/^lesson-model$/);
  await app.page.keyboard.press('F6');
  await focusIsOn(/Through a narrow door/);
  await app.get('lesson-next').focus();
  await app.page.keyboard.press('Enter');
  await until('the second step', () => app.permalink().get('lesson') === '3.2', () => app.page.url());
  await focusIsOn(/decoder draws/);
  // The control of this step lies in the page.
  await app.page.keyboard.press('F6');
  await focusIsOn(/^latent-slider-1$/);
  await app.page.keyboard.press('F6');
  await focusIsOn(/decoder draws/);
  // A key pressed before the focus has moved does not lose the focus of what it went to.
  await app.page.evaluate(() => {
    dispatchEvent(new KeyboardEvent('keydown', { key: 'F6', cancelable: true }));
    document.querySelector('[data-testid=lesson-next]').focus();
  });
  await app.page.waitForTimeout(200);
  assert.equal(await focused(), 'lesson-next');
  await app.page.keyboard.press('Escape');
  await until('the card is closed', async () => (await app.get('lesson-card').count()) === 0);
  // The focus comes back a frame after the card is gone.
  await focusIsOn(/^lessons$/);
  app.assertClean();
});

const PHONE = { viewport: { width: 390, height: 844 } };

/** Where an element is, and how much room the card of the lesson leaves above it or beside it. */
const sight = (app, selector) => app.page.evaluate((selector) => {
  const box = (element) => element?.getBoundingClientRect().toJSON();
  const [it, card] = [box(document.querySelector(selector)), box(document.querySelector('.lesson-card'))];
  const overlaps = it && card.left < it.right && it.left < card.right;
  return { it, card, floor: overlaps ? Math.min(card.top, innerHeight) : innerHeight };
}, selector);

/** Waits until the upper part of an element, at least so high, is in the window and not under the card. */
async function inSight(app, selector, least = 200) {
  let last;
  const there = async () => {
    last = await sight(app, selector);
    return last.it && last.it.top >= -1 && Math.min(last.it.bottom, last.it.top + least) <= last.floor + 1;
  };
  await until(`${selector} is in sight`, there, () => JSON.stringify(last));
}

/** What is wider than the window; what scrolls by itself may be. */
const tooWide = (app) => app.page.evaluate(() => [...document.querySelectorAll('.page *')]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 0 && !element.closest('.tabs, .unseen'))
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => `${element.tagName}.${element.className?.baseVal ?? element.className}`));

const shown = async (app, place) => {
  await until(`step ${place} is open`, () => app.permalink().get('lesson') === place, () => app.page.url());
  for (let asked = 0; asked < 4 && !(await app.get('lesson-done').count()); asked += 1) {
    await app.get('lesson-show').click();
    // A path is played past its middle; the first press may only open the model.
    for (let waited = 0; waited < 12 && !(await app.get('lesson-done').count()); waited += 1) await app.page.waitForTimeout(500);
  }
  await done(app, place);
};

test('on a phone lesson 2 stays within the window, and its buttons can be pressed', async (t) => {
  const app = await open(t, browser, { context: PHONE, hash: '#v=1&lesson=2.1' });
  for (const place of Object.keys(acts).filter((key) => key.startsWith('2.'))) {
    await shown(app, place);
    assert.equal(await app.page.evaluate(() => document.documentElement.scrollWidth), 390, `no sideways scrolling at ${place}`);
    assert.deepEqual(await tooWide(app), [], `at ${place}`);
    await app.get('lesson-next').click();
  }
  app.assertClean();
});

test('what came of a step is in sight once it is done: on a phone spectrum, map and both fits', async (t) => {
  const results = { '1.2': 'spectrum', '1.4': 'spectrum', '2.4': 'pca-plot', '3.2': 'spectrum', '3.4': 'pca-plot', '6.4': 'scatter' };
  for (const context of [PHONE, {}]) {
    for (const [place, result] of Object.entries(results)) {
      const app = await open(t, browser, { context, hash: `#v=1&lesson=${place}` });
      await shown(app, place);
      await inSight(app, `[data-testid=${result}]`);
      if (result === 'pca-plot') await inSight(app, '[data-testid=pca-model-chi2]', 20);
      app.assertClean();
      await app.page.close();
    }
  }
});

test('on a phone the verdict of lesson 3 is above the card', async (t) => {
  const app = await open(t, browser, { context: PHONE, hash: '#v=1&model=ae6&lesson=3.3' });
  await shown(app, '3.3');
  await app.get('lesson-next').click();
  await shown(app, '3.4');
  await app.get('lesson-next').click();
  await inSight(app, '[data-testid=pca-verdict]', 60);
  app.assertClean();
});

test('after sliders have been moved, lesson 3 still compares both fits', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&model=ae6&lesson=3.2' });
  await shown(app, '3.2');
  await app.get('lesson-next').click();
  await shown(app, '3.3');
  await until('chi2 of the model', async () => Number(await app.text('pca-model-chi2')) > 0, () => app.text('pca-model-chi2'));
  // Moved once more, the tab says how to have it back.
  await app.slider(1).focus();
  for (let press = 0; press < 5; press += 1) await app.page.keyboard.press('ArrowRight');
  await until('it has none', async () => (await app.text('pca-model-chi2')) === '–', () => app.text('pca-model-chi2'));
  await app.get('pca-return').click();
  await until('it is back', async () => Number(await app.text('pca-model-chi2')) > 0, () => app.text('pca-model-chi2'));
  app.assertClean();
});

test('the slider of noise stands where a lesson has put it', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&lesson=6.4' });
  await shown(app, '6.4');
  assert.equal(await app.get('noise-slider').getAttribute('aria-valuetext'), '3.0');
  const at = Number(await app.get('noise-slider').inputValue());
  assert.ok(Math.abs(at - Math.log(3) / Math.log(100)) < 1e-3, `at ${at}`);
  app.assertClean();
});

test('outlines are whole: off the window\'s top, both axes, one row of a list', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&lesson=5.2' });
  const outlined = () => app.page.evaluate(() => [...document.querySelectorAll('[data-pointed]')]
    .map((element) => [element.dataset.testid ?? element.className, element.getBoundingClientRect().top]));
  const pointsAt = async (place, names) => {
    await until(`step ${place} points at ${names}`, async () => (await outlined()).map(([name]) => name).join() === names, async () => JSON.stringify(await outlined()));
    await app.page.waitForTimeout(800);
    for (const [name, top] of await outlined()) assert.ok(top >= 6, `${name} at ${place}: ${top}`);
  };
  await pointsAt('5.2', 'color-by');
  await app.get('lesson-next').click();
  await pointsAt('5.3', 'axis-x,axis-y');
  for (const place of ['5.3', '5.4', '5.5', '6.1']) {
    await shown(app, place);
    await app.get('lesson-next').click();
  }
  assert.equal(await app.get('path-at').count(), 0, 'the path of lesson 5 is gone');
  await pointsAt('6.2', 'odd');
  const clipped = await app.page.evaluate(() => {
    const row = document.querySelector('.odd[data-pointed]');
    return parseFloat(getComputedStyle(row).outlineOffset) + parseFloat(getComputedStyle(row).outlineWidth);
  });
  assert.ok(clipped <= 0, 'within the list, which cuts off what is outside');
  await app.get('lesson-next').click();
  await pointsAt('6.3', 'color-by');
  app.assertClean();
});

for (const [width, height] of [[1440, 900], [390, 844]]) {
  test(`the card does not cover what is meant, ${width} wide`, async (t) => {
    const app = await open(t, browser, { context: { viewport: { width, height } }, hash: '#v=1&lesson=1.1' });
    for (const place of Object.keys(acts)) {
      await until(`step ${place} is open`, async () => app.permalink().get('lesson') === place, () => app.page.url());
      await app.page.waitForTimeout(1200);
      const boxes = await app.page.evaluate(() => {
        const box = (element) => element?.getBoundingClientRect().toJSON();
        return { card: box(document.querySelector('.lesson-card')), meant: box(document.querySelector('[data-pointed]')), wide: document.documentElement.scrollWidth };
      });
      assert.ok(boxes.wide <= width, `no sideways scrolling at ${place}: ${boxes.wide}`);
      assert.ok(boxes.card.top >= 0 && boxes.card.bottom <= height + 1, `the card is on screen at ${place}`);
      const inCard = boxes.meant && boxes.meant.top >= boxes.card.top - 4 && boxes.meant.left >= boxes.card.left - 4 && boxes.meant.bottom <= boxes.card.bottom + 4;
      if (boxes.meant && !inCard) {
        const [x, y] = [boxes.meant.left + boxes.meant.width / 2, boxes.meant.top + Math.min(boxes.meant.height / 2, 150)];
        const covered = x > boxes.card.left && x < boxes.card.right && y > boxes.card.top && y < boxes.card.bottom;
        assert.ok(!covered && y > 0 && y < height && x > 0 && x < width, `at ${place} what is meant is in sight: ${JSON.stringify(boxes)}`);
      }
      if (['1.1', '2.3', '4.2', '5.4'].includes(place)) await app.screenshot(`lesson-${place}-${width}`);
      await app.get('lesson-next').click();
    }
    app.assertClean();
  });
}
