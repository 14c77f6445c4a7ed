// Sharing: the link, the frame, how to cite; and the page in every size and scheme that it may be opened in.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, sleep, until } from './harness.mjs';
import { PHONE, drag, picked } from './sky.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const clipboard = (app) => app.page.evaluate(() => navigator.clipboard.readText());
const sideways = (app) => app.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Controls that leave the window, or a card that they stand in, at its right or left. */
const outside = (app) => app.page.evaluate(() => [...document.querySelectorAll('button, select, input, canvas, a.button, summary, .card')]
  .filter((element) => !element.closest('.unseen, .tabs, .menu-body') && !element.matches('.unseen') && element.getClientRects().length > 0)
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, box]) => box.left < -1 || box.right > document.documentElement.clientWidth + 1)
  .map(([element, box]) => `${element.tagName} ${element.dataset.testid ?? element.textContent.slice(0, 20)} at ${Math.round(box.left)} to ${Math.round(box.right)}`));

test('the whole view goes with a link: axes, colour, hidden classes, selection, place, track and region', async (t) => {
  const here = await open(t, browser);
  const id = await here.selectPoint(0.4);
  await here.get('axis-x').selectOption('c:truth_age');
  await here.get('axis-y').selectOption('l2');
  await here.get('color-by').selectOption('median_snr');
  await here.get('class-4').click();
  await here.get('region-hbeta').click();
  await here.get('track-S').click();
  await until('it is open', async () => (await here.get('player').count()) === 1);
  await here.get('path-node-4').click();
  await here.settled('spectrum');
  const link = await here.sharedLink();
  await until('the button says that it is copied', async () => /copied/i.test(await here.text('share-link')));
  const place = await here.sliderValues();

  const there = await open(t, browser, { hash: new URL(link).hash, url: here.origin });
  await until('the selection is there', async () => (await there.selected()) === id, () => there.describe());
  for (const [control, value] of [['axis-x', 'c:truth_age'], ['axis-y', 'l2'], ['color-by', 'median_snr']]) {
    assert.equal(await there.get(control).inputValue(), value, control);
  }
  assert.equal(await there.get('class-4').getAttribute('aria-pressed'), 'false');
  assert.equal(await there.get('class-0').getAttribute('aria-pressed'), 'true');
  assert.equal(await there.get('region-hbeta').getAttribute('aria-pressed'), 'true');
  assert.equal(await there.get('track-S').getAttribute('aria-pressed'), 'true');
  (await there.sliderValues()).forEach((value, i) => assert.ok(Math.abs(value - place[i]) < 2e-3, `slider ${i + 1}: ${value}, ${place[i]}`));
  assert.deepEqual(await there.errors(), []);
  there.assertClean();
});

test('zoom, wavelengths, tab, corner, stars, pins and a small pick go with the link; what does not is said', async (t) => {
  const here = await open(t, browser);
  const id = await here.selected();
  await until('its pixels are there', async () => (await here.chi2()) > 0);
  await here.get('pin').click();
  await here.get('corner-axes').selectOption('raw');
  await here.get('toggle-stars').click();
  await here.page.getByRole('button', { name: 'Zoom in' }).click();
  await drag(here, 'spectrum', [[200, 120], [330, 120]]);
  await here.get('scatter').focus();
  for (let picks = 0; picks < 2; picks += 1) {
    await here.page.keyboard.press('ArrowRight');
    await here.page.keyboard.press('Space');
  }
  await until('two are picked', async () => (await here.text('picked-count')) === '2');
  await here.get('tab-neighbours').click();
  await until('the link holds the zoom', () => here.permalink().has('zoom'), () => here.page.url());
  const link = await here.sharedLink();
  assert.equal(await here.text('share-note'), '', 'nothing is left out');
  const there = await open(t, browser, { hash: new URL(link).hash, url: here.origin });
  await until('the pin is there', async () => (await there.get('pinned').count()) === 1, () => there.describe());
  assert.ok((await there.get('pinned').innerText()).includes(id));
  assert.equal(await there.get('tab-neighbours').getAttribute('aria-selected'), 'true');
  assert.equal(await there.get('corner-axes').inputValue(), 'raw');
  assert.equal(await there.get('toggle-stars').getAttribute('aria-pressed'), 'true');
  assert.ok(await there.page.getByRole('button', { name: 'Show all' }).isEnabled(), 'the map is zoomed');
  await there.get('tab-picked').click();
  assert.equal(await there.text('picked-count'), '2');
  assert.ok(!(await there.get('spectrum').getAttribute('aria-label')).includes('from 3388 to 8310'));
  assert.deepEqual(await there.errors(), []);
  await until('the address is the same', () => new URL(there.page.url()).hash.replace('&tab=picked', '') === new URL(link).hash.replace('&tab=neighbours', ''), () => `${there.page.url()} ${link}`);

  const box = await there.get('scatter').boundingBox();
  await drag(there, 'scatter', [[0.2 * box.width, 0.2 * box.height], [0.8 * box.width, 0.8 * box.height]].map((place) => place.map(Math.round)), { shift: true });
  await until('many are picked', async () => Number((await there.text('picked-count')).replace(/\D/g, '')) > 100);
  await there.sharedLink();
  await until('it says what is left out', async () => /leaves out: the \S+ picked/.test(await there.text('share-note')), () => there.text('share-note'));
  there.assertClean();
});

test('a clipboard that refuses is no copied link', async (t) => {
  const app = await open(t, browser);
  await app.page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); });
  await app.get('share-link').click();
  await until('it says so', async () => /not copied/i.test(await app.text('share-link')) && /address bar/.test(await app.text('share-note')));
  app.assertClean();
});

test('the address follows without flooding the history, and is the shared link', async (t) => {
  const app = await open(t, browser);
  await app.settled('spectrum');
  const length = () => app.page.evaluate(() => history.length);
  const before = await length();
  await app.slider(1).focus();
  for (let press = 0; press < 40; press += 1) await app.page.keyboard.press('ArrowRight');
  for (const axis of ['2', '3', 'u1']) await app.get('axis-x').selectOption(axis);
  for (const color of ['redshift', 'lof', 'class']) await app.get('color-by').selectOption(color);
  await app.get('track-E').click();
  await app.selectPoint(0.5);
  await until('the address follows', () => app.permalink().get('axes')?.startsWith('u1') && app.permalink().has('sel'));
  assert.equal(await length(), before, 'the way back is one step, as before');
  await sleep(1000);
  assert.equal(new URL(await app.sharedLink()).hash, new URL(app.page.url()).hash);
  // A link like any other, too.
  assert.ok((await app.get('share-link').getAttribute('href')).startsWith('#v=1'));
  app.assertClean();
});

test('how to cite, and a frame for one\'s own page, are a click away, by pointer and keyboard', async (t) => {
  const app = await open(t, browser);
  await app.get('share-more').focus();
  await app.page.keyboard.press('Enter');
  await until('the menu is open', () => app.get('bibtex').isVisible());
  const bibtex = await app.text('bibtex');
  for (const part of ['@article{Portillo2020', '10.3847/1538-3881/ab9644', '@software{Spectrascape']) assert.ok(bibtex.includes(part), part);
  await app.get('copy-bibtex').click();
  await until('it is on the clipboard', async () => (await clipboard(app)).trim() === bibtex.trim());
  await app.get('copy-embed').click();
  await until('the frame is on the clipboard', async () => (await clipboard(app)).startsWith('<iframe'));
  await app.screenshot('share-menu');
  const html = await clipboard(app);

  // In a page of somebody else's.
  const address = await app.page.evaluate((html) => new DOMParser().parseFromString(html, 'text/html').querySelector('iframe').getAttribute('src'), html);
  assert.ok(address.startsWith(app.origin) && /[#&]embed=1/.test(address), address);
  const framed = await open(t, browser, { hash: new URL(address).hash, url: app.origin, ready: false });
  await until('its spectrum is there', async () => (await framed.get('selected-id').count()) === 1 && (await framed.selected()) !== '');
  await framed.settled('scatter');
  assert.equal(await framed.page.locator('header.top').count(), 0, 'no header');
  assert.equal(await framed.page.locator('footer').count(), 0, 'no footer');
  assert.ok(await framed.get('scatter').isVisible());
  await framed.selectPoint(0.5);
  await until('the link stays one for a frame', () => framed.permalink().get('embed') === '1' && framed.permalink().has('sel'));
  await framed.screenshot('embed');
  assert.match(await framed.page.locator('body').innerText(), /simulated/i, 'it says that its set is simulated, here too');
  framed.assertClean();
});

test('Escape, or a click beside it, closes an open menu', async (t) => {
  const app = await open(t, browser);
  for (const menu of ['share-more', 'save-spectrum']) {
    await app.get(menu).click();
    assert.equal(await app.page.locator('details[open]').count(), 1);
    await app.page.locator('#dials-title').click();
    await until(`a click beside ${menu} closes it`, async () => (await app.page.locator('details[open]').count()) === 0);
    await app.get(menu).focus();
    await app.page.keyboard.press('Enter');
    await until(`${menu} is open`, async () => (await app.page.locator('details[open]').count()) === 1);
    await app.page.keyboard.press('Tab');
    await app.page.keyboard.press('Escape');
    await until(`Escape closes ${menu}`, async () => (await app.page.locator('details[open]').count()) === 0);
    assert.equal(await app.page.evaluate(() => document.activeElement.dataset.testid), menu, 'and the keyboard is where it was');
  }
  app.assertClean();
});

test('every part of a link that makes no sense is named and left out', async (t) => {
  const app = await open(t, browser, { hash: '#v=1&axes=99,2&color=nonsense&track=Q&region=ultraviolet&hide=x&sel=1-2-3' });
  await app.settled('scatter');
  await until('each is named', async () => (await app.errors()).length >= 6, async () => (await app.errors()).join(' | '));
  const errors = (await app.errors()).join(' ');
  for (const part of ['99', 'nonsense', 'Q', 'ultraviolet', 'hide', '1-2-3']) assert.ok(errors.includes(part), `${part} is named: ${errors}`);
  assert.ok((await app.pixels('scatter')).coloured > 1000, 'and the page works');
  app.assertClean();
});

for (const [name, context] of Object.entries({
  '390x844': PHONE,
  '390x844-dark': { ...PHONE, colorScheme: 'dark' },
  '768x1024': { viewport: { width: 768, height: 1024 } },
  '1440x900-dark': { colorScheme: 'dark' },
  '2560x1440': { viewport: { width: 2560, height: 1440 } },
  '1440x900-still': { reducedMotion: 'reduce' },
})) {
  test(`${name}: all fits, with a pick, a track and pins open`, async (t) => {
    const app = await open(t, browser, { context });
    await app.get('pin').click();
    await app.get('track-S').click();
    await until('it is open', async () => (await app.get('player').count()) === 1);
    await app.get('path-node-2').click();
    if (!context.isMobile) {
      const box = await app.get('scatter').boundingBox();
      await drag(app, 'scatter', [[0.3 * box.width, 0.4 * box.height], [0.5 * box.width, 0.7 * box.height]].map((place) => place.map(Math.round)), { shift: true });
      await picked(app);
    }
    await app.settled('corner');
    assert.ok((await sideways(app)) <= 0, 'no scrolling sideways');
    assert.deepEqual(await outside(app), []);
    await app.page.evaluate(() => scrollTo(0, 0));
    await app.screenshot(`fit-${name}`);
    await app.screenshot(`fit-${name}-whole`, { fullPage: true });
    app.assertClean();
  });
}

test('nothing moves by itself where little motion is wanted', async (t) => {
  const app = await open(t, browser, { context: { reducedMotion: 'reduce' } });
  const moving = await app.page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => {
    const style = getComputedStyle(element);
    const long = (times) => times.split(',').some((time) => parseFloat(time) > 0.01);
    return long(style.transitionDuration) || (style.animationName !== 'none' && long(style.animationDuration));
  }).map((element) => element.className || element.tagName));
  assert.deepEqual(moving, []);
  app.assertClean();
});

test('a reload is not moved: the spectrum has its own latents and its band; an autoencoder has none', async (t) => {
  const app = await open(t, browser);
  const band = app.page.getByText('± 1σ of the latents');
  const away = app.page.getByText('Back to its own latents');
  await app.selectPoint(0.4);
  await until('its band is there', async () => (await band.count()) === 1, () => app.describe());
  await sleep(600); // The address is written once things have come to rest.
  await app.page.reload();
  await app.ready();
  await until('its band is there again', async () => (await band.count()) === 1, () => app.describe());
  assert.equal(await away.count(), 0);
  app.assertClean();

  const plain = await open(t, browser, { hash: '#v=1&model=ae6' });
  await plain.selectPoint(0.4);
  await until('its pixels are there', async () => (await plain.chi2()) > 0, () => plain.describe());
  await sleep(2000);
  assert.equal(await plain.page.getByText('± 1σ of the latents').count(), 0);
  plain.assertClean();
});
