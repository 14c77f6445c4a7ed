// The training lab: settings and links, one batch and one epoch, what is seen of learning, comparing, files, and above all that
// nothing is lost: by a reload, a crash, a second tab, a full disk.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { built, launch, open, safetensors, sleep, until } from './harness.mjs';

const LONG = 600_000;
/** A network that trains in seconds. */
const SMALL = 'kind:vae,latents:2,hidden1:48,hidden2:12,lambda:5,batch:32,seed:3,spectra:768';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const lab = (t, settings, { run = false, ...options } = {}) => open(t, browser, { hash: `#view=train&train=${settings}${run ? '&run=1' : ''}`, ...options });
const number = async (app, id) => Number(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/i.exec(await app.text(id))?.[0] ?? NaN);
const epoch = async (app) => (await number(app, 'epoch')) || 0;
const reaches = (app, count) => until(`epoch ${count}`, async () => (await epoch(app)) >= count, () => app.describe(), LONG);
const finishes = (app) => until('training is finished', async () => /^(Stopped early|Ended)|(Stopped early|Ended with)/.test(await app.text('train-ending')), () => app.describe(), LONG);
const isPaused = (app) => until('training is paused', () => app.get('train-step').first().isEnabled(), () => app.describe(), LONG);
const click = (app, id) => app.get(id).first().click();

/** What a button saves. */
async function saved(app, id) {
  if (!(await app.get(id).first().isVisible())) await click(app, 'train-save');
  const [download] = await Promise.all([app.page.waitForEvent('download'), click(app, id)]);
  return readFileSync(await download.path());
}

/** The curves without the learning rate: epoch by epoch, to the last digit. */
const curves = async (app) => (await saved(app, 'save-curves')).toString().trim().split('\n').slice(1);

test('the form is in the link, its limits are said, and the whole network in a line', async (t) => {
  const app = await lab(t, `${SMALL},epochs:7`);
  assert.equal(await app.get('train-latents').inputValue(), '2');
  assert.match(await app.text('train-size'), /1000 – 48 – 12 – 2 – 12 – 48 – 1000/);
  await app.get('train-more').locator('summary').click();
  await app.get('train-rate').fill('7');
  await app.get('train-rate').blur();
  assert.match(await app.page.locator('.problem').first().innerText(), /learning rate is a number from 0\.000001 to 0\.1/);
  await app.get('train-rate').fill('0.002');
  await app.get('train-rate').blur();
  assert.equal(await app.page.locator('.problem').count(), 0);
  // What is wrong keeps the training from starting, and gives way to a preset.
  await app.get('train-rate').fill('5');
  await app.get('train-rate').blur();
  await app.get('train-kind').selectOption('beta');
  assert.equal(await app.page.locator('.problem').count(), 0, 'another model');
  assert.equal(await app.get('train-rate').inputValue(), '0.002');
  await app.get('train-beta').fill('500');
  await app.get('train-beta').blur();
  assert.match(await app.page.locator('label .problem').innerText(), /beta is a number from 0 to 100/);
  assert.ok(await app.get('train-start').isDisabled(), await app.text('train-wrong'));
  // Touched, a field says what it is for.
  await app.get('train-noise').focus();
  await app.page.getByText(/White noise added to every spectrum/).waitFor();
  for (const code of [0, 1, 2, 3, 4]) await app.get(`train-class-${code}`).uncheck();
  assert.ok(await app.get('train-class-5').isChecked() && await app.get('train-class-5').isDisabled(), 'one class must stay');
  await app.get('train-class-4').check();
  await app.get('train-class-5').uncheck();
  await until('the address holds the class', async () => /classes:4$/.test(app.permalink().get('train') ?? ''));
  await app.get('train-kind').selectOption('beta');
  await app.get('train-beta').fill('4');
  await app.get('train-beta').blur();
  await until('the address holds it', async () => /rate:0\.002/.test(app.permalink().get('train') ?? '') && /kind:beta/.test(app.permalink().get('train')) && /alpha:-3,lambda:4/.test(app.permalink().get('train')));
  await app.get('train-preset').selectOption({ label: 'VAE-10 (Table 1)' });
  assert.match(await app.text('train-size'), /1000 – 549 – 110 – 10/);
  assert.equal(app.permalink().get('run'), null, 'the address bar does not start a training by itself');
  app.assertClean();
});

test('learning is seen: terms, the rival, the latents, five spectra; one batch, one epoch', async (t) => {
  const app = await lab(t, `${SMALL},epochs:6`);
  await click(app, 'train-start');
  await reaches(app, 1);
  await click(app, 'train-pause');
  await isPaused(app);
  await until('the rival is there', async () => (await app.page.getByTestId('watched').count()) === 5, () => app.describe());
  for (const id of ['loss-reconstruction', 'loss-kl', 'loss-mmd', 'latent-information']) {
    await until(`${id} is drawn`, async () => (await app.pixels(id)).coloured > 20, () => app.describe());
  }
  assert.match(await app.text('latent-words'), /latents are used|almost no information/);
  assert.match(await app.text('train-saved'), /Saved in this browser after epoch \d+/);

  // An epoch and the batches done of it; once an epoch is over, none of the next.
  const newest = async () => {
    const text = await app.text('train-newest');
    const batch = /Epoch (\d+), batch (\d+): loss [\d.]+/.exec(text)?.slice(1).map(Number);
    return batch ?? [Number(/Epoch (\d+) is over: mean loss [\d.]+/.exec(text)?.[1]) + 1, 0];
  };
  const before = await newest();
  await click(app, 'train-batch');
  await until('one batch more', async () => { const now = await newest(); return now[1] !== before[1] || now[0] !== before[0]; }, () => app.describe());
  await isPaused(app);
  await sleep(1000);
  const one = await newest();
  assert.ok(one[0] === before[0] + 1 || one[1] === before[1] + 1, `one batch: ${before} to ${one}`);
  const done = await epoch(app);
  await click(app, 'train-step');
  await reaches(app, done + 1);
  await isPaused(app);
  assert.equal(await epoch(app), done + 1);
  await click(app, 'train-pause');
  await finishes(app);
  await until('chi squared of both is said', async () => /by your model, chi squared a pixel [\d.]+ by PCA/.test(await app.get('watched').first().getAttribute('aria-label')), () => app.describe());
  await app.screenshot('lab', { fullPage: true });
  assert.deepEqual(await app.errors(), []);
  app.assertClean();
});

test('a model that also predicts trains in the page, on weights too, and its predictions follow the sliders', async (t) => {
  const app = await lab(t, `${SMALL},epochs:3`);
  await app.get('train-more').locator('summary').click();
  await app.get('train-input-weights').check();
  await app.get('train-predict').locator('summary').click();
  await app.get('train-predict-class').check();
  await app.get('train-predict-truth_halpha_ew').check();
  await app.get('train-head-weight').fill('1000');
  await app.get('train-head-weight').blur();
  assert.match(await app.text('train-size'), /2000 – 48 – 12 – 2 – 12 – 48 – 1000, and 2 – 5 predictions/);
  assert.match(await app.text('train-variant-note'), /Not the paper’s model/);
  assert.equal(await app.get('train-predict-plate').count() + await app.get('train-predict-truth_sfh').count(), 0, 'names and codes are no measurements');
  await app.screenshot('predict-form');
  await click(app, 'train-start');
  await finishes(app);
  assert.deepEqual(await app.errors(), []);
  assert.ok((await app.pixels('loss-head')).coloured > 20, 'their term is drawn');
  assert.match(await app.text('terms-words'), /cross-entropy/);
  const table = (await saved(app, 'save-curves')).toString().trim().split('\n').map((line) => line.split(','));
  assert.deepEqual(table[0].slice(-2), ['train_head', 'valid_head']);
  const head = table.slice(1).map((row) => Number(row.at(-1)));
  assert.ok(head[2] < head[0], `it learns what it predicts: ${head}`);
  const { header, metadata } = safetensors(await saved(app, 'save-weights'));
  assert.deepEqual([header['encoder.0.weight'].shape, header['head.weight'].shape], [[48, 2000], [5, 2]]);
  assert.deepEqual(JSON.parse(metadata.spectrascape).config.head.measurements, ['truth_halpha_ew']);

  // The same training elsewhere, from its link.
  await click(app, 'copy-run');
  const link = await app.page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /input:weights,predict:class,predict:truth_halpha_ew,headweight:1000/);
  const other = await open(t, browser, { hash: new URL(link).hash });
  await finishes(other);
  assert.deepEqual(await curves(other), await curves(app), 'to the last digit');

  await app.page.getByRole('tab', { name: 'About it' }).click();
  const said = await app.text('predictions');
  assert.match(said, /Class\s*.+ \(\d+ %\)/);
  assert.match(said, /equivalent width/i);
  await app.slider(1).fill('2.5');
  await until('they follow the sliders', async () => (await app.text('predictions')) !== said, () => app.describe());
  await app.screenshot('predictions');
  app.assertClean();
});

test('the link to a run is its own, the form is in the address; a link that makes no sense starts nothing', async (t) => {
  const app = await lab(t, `${SMALL},epochs:1`, { run: true });
  await finishes(app);
  await app.get('train-seed').fill('9');
  await app.get('train-seed').blur();
  await click(app, 'copy-run');
  assert.match(await app.page.evaluate(() => navigator.clipboard.readText()), /seed:3,.*run=1/);
  await until('the address too', async () => /seed:9/.test(app.permalink().get('train') ?? ''));
  app.assertClean();
  const odd = await lab(t, 'latents:99,hidden1:64', { run: true });
  await odd.oneClearSentence(/latents is a whole number from 1 to 16/);
  await odd.oneClearSentence(/was not started/);
  assert.ok(await odd.get('train-start').isEnabled(), 'nothing runs');
});

test('a link to a run starts the same run elsewhere, with the same numbers', async (t) => {
  const first = await lab(t, `${SMALL},epochs:3,noise:0.5,classes:1-2`, { run: true });
  await finishes(first);
  const numbers = await curves(first);
  assert.equal(numbers.length, 3);
  await click(first, 'copy-run');
  const link = await first.page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /run=1/);
  const second = await open(t, browser, { hash: new URL(link).hash });
  await finishes(second);
  assert.deepEqual(await curves(second), numbers, 'to the last digit');
  first.assertClean();
  second.assertClean();
});

test('a reload and a crash in the middle of an epoch lose nothing: the curve is that of a run that never stopped', async (t) => {
  const settings = `${SMALL},hidden1:256,epochs:6`;
  const whole = await lab(t, settings, { run: true });
  await finishes(whole);
  const numbers = await curves(whole);

  const app = await lab(t, settings, { expectErrors: true });
  await click(app, 'train-start');
  await reaches(app, 1);
  await app.page.reload();
  await app.ready();
  await until('it goes on by itself', async () => (await epoch(app)) >= 1, () => app.describe(), LONG);
  await reaches(app, 3);
  const trainer = app.page.workers().find((worker) => worker.url().includes('engine'));
  assert.ok(trainer, 'there are workers');
  // Both workers have the same script; the trainer is the one that is named so.
  const names = await Promise.all(app.page.workers().map((worker) => worker.evaluate(() => self.name).catch(() => '')));
  const running = app.page.workers()[names.indexOf('trainer')];
  assert.ok(running, `a worker is the trainer: ${names}`);
  await running.evaluate(() => { setTimeout(() => { throw new Error('a crash on purpose'); }, 0); });
  await app.oneClearSentence(/training goes on after epoch \d+/);
  await finishes(app);
  assert.deepEqual(await curves(app), numbers, 'to the last digit');
});

test('a visitor who comes back is offered to go on', async (t) => {
  const app = await lab(t, `${SMALL},epochs:60`);
  await click(app, 'train-start');
  await reaches(app, 2);
  await click(app, 'train-pause');
  await isPaused(app);
  await until('it is saved', async () => /Saved in this browser/.test(await app.text('train-saved')));
  const again = await app.page.context().newPage();
  await app.page.close();
  const problems = [];
  again.on('pageerror', (error) => problems.push(error.message));
  again.setDefaultTimeout(120_000);
  await again.goto(`${app.origin}/#view=train`);
  await again.getByTestId('go-on').waitFor();
  assert.match(await again.getByTestId('go-on').innerText(), /VAE of 2 latents, seed 3, paused at epoch \d+/);
  await again.getByTestId('go-on').scrollIntoViewIfNeeded();
  assert.ok((await again.getByTestId('go-on').boundingBox()).y < 300, 'it is offered where it is seen at once');
  await again.getByTestId('go-on-start').click();
  const pause = again.getByTestId('train-pause');
  await until('it is opened, paused as it was', async () => (await pause.isEnabled()) && (await pause.innerText()).trim() === 'Resume', () => '', LONG);
  await pause.click();
  await until('it goes on', async () => Number((await again.getByTestId('epoch').innerText()).trim()) >= 3, () => '', LONG);
  await again.getByTestId('train-stop').click();
  await again.getByTestId('storage').locator('summary').click();
  await until('storage is shown', async () => /Trainings \d+ .B, spectra [1-9]\d* MB/.test(await again.getByTestId('storage-words').innerText()));
  await again.getByTestId('storage-clear').click();
  await until('it is cleared', async () => /Trainings 0 kB, spectra 0 kB/.test(await again.getByTestId('storage-words').innerText()), () => again.getByTestId('storage-words').innerText());
  assert.deepEqual(problems, []);
});

test('two tabs train side by side without touching each other', async (t) => {
  const settings = `${SMALL},epochs:4`;
  const one = await lab(t, settings);
  const other = await one.page.context().newPage();
  other.setDefaultTimeout(120_000);
  await other.goto(`${one.origin}/#view=train&train=${settings}`);
  await until('the second tab is ready', async () => (await other.getByTestId('status').innerText()).trim() === 'ready');
  await click(one, 'train-start');
  await other.getByTestId('train-start').click();
  await finishes(one);
  await until('the other too', async () => /Ended|Stopped/.test(await other.getByTestId('train-ending').innerText()), () => '', LONG);
  const valid = await one.text('loss-valid');
  assert.equal((await other.getByTestId('loss-valid').innerText()).trim(), valid);
  await one.get('storage').locator('summary').click();
  await until('both are saved apart', async () => (await one.page.locator('.runs li').count()) === 2, () => one.describe());
  one.assertClean();
});

test('a full disk is said, and training goes on', async (t) => {
  const app = await lab(t, `${SMALL},epochs:4`, { expectErrors: true });
  const session = await app.page.context().newCDPSession(app.page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: app.origin, quotaSize: 200_000 });
  await click(app, 'train-start');
  await until('it is said', async () => /could not be saved|not saved/.test(await app.text('train-saved')), () => app.describe(), LONG);
  await finishes(app);
  assert.equal(await epoch(app), 4);
});

test('two runs are compared side by side', async (t) => {
  const app = await lab(t, `${SMALL},epochs:2`, { run: true });
  await finishes(app);
  await click(app, 'keep-run');
  await app.page.getByText('Run 1 is kept. Train another to compare it with.').waitFor();
  assert.equal(await app.get('compare-table').count(), 0, 'not with itself');
  await click(app, 'train-stop');
  await app.get('train-more').locator('summary').click();
  await app.get('train-kind').selectOption('ae');
  await app.get('train-seed').fill('8');
  await app.get('train-seed').blur();
  await click(app, 'train-start');
  await finishes(app);
  const table = await app.get('compare-table').innerText();
  assert.match(table, /seed\s+3\s+8/);
  assert.match(table, /model\s+InfoVAE \(the paper\)\s+plain autoencoder/);
  // What an autoencoder does not have is not shown of it.
  assert.deepEqual([await app.get('loss-kl').count(), await app.get('loss-mmd').count(), await app.get('loss-reconstruction').count()], [0, 0, 1]);
  assert.match(await app.text('latent-words'), /no prior/);
  assert.match(table, /best validation loss\s+[\d.]+\s+[\d.]+/);
  for (const id of ['compare-curves', 'compare-map']) assert.ok((await app.pixels(id)).coloured > 20, `${id} is drawn`);
  await app.get('compare').scrollIntoViewIfNeeded();
  await app.screenshot('compare', { fullPage: true });
  await click(app, 'compare-drop');
  await until('it is gone', async () => (await app.get('compare').count()) === 0);
  app.assertClean();
});

test('weights go out and come in, those of PyTorch too; a file for something else is refused in words', async (t) => {
  const app = await lab(t, `${SMALL},epochs:2`, { run: true });
  await finishes(app);
  const whole = await saved(app, 'save-weights');
  const { header, metadata } = safetensors(whole);
  assert.deepEqual(header['encoder.0.weight'].shape, [48, 1000], "PyTorch's layout");
  assert.equal(JSON.parse(metadata.spectrascape).config.latents, 2);
  assert.ok((await saved(app, 'save-weights-half')).length < 0.6 * whole.length);
  assert.equal(JSON.parse((await saved(app, 'save-config')).toString()).hidden1, 48);
  assert.match((await saved(app, 'save-script')).toString(), /load_state_dict/);

  const fresh = await lab(t, `${SMALL},epochs:2`);
  const before = await fresh.settled('scatter');
  const put = (name, buffer) => fresh.get('open-weights').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await put('mine.safetensors', whole);
  await isPaused(fresh);
  await fresh.redrawn('scatter', before);
  await until('whose it is', async () => /of your model/.test(await fresh.page.locator('#map-title').innerText()));

  // As PyTorch's save_file writes it: the layers alone, no metadata.
  await click(fresh, 'train-stop');
  await until('nothing is trained', async () => !(await fresh.get('train-step').isEnabled()));
  await put('torch.safetensors', bare(whole));
  await isPaused(fresh);
  assert.deepEqual(await fresh.errors(), []);
  await fresh.page.getByText('weights opened, not trained yet').waitFor();
  await click(fresh, 'train-step');
  await reaches(fresh, 1);
  await isPaused(fresh);

  await put('grid.safetensors', bare(whole, (header) => { header['encoder.0.weight'].shape = [24, 2000]; }));
  assert.match(await fresh.oneClearSentence('grid.safetensors'), /2000 pixels.*1000/);
  await put('broken.safetensors', whole.subarray(0, 5000));
  await fresh.oneClearSentence('broken.safetensors');
  await put('set.safetensors', built('data/simulated/mean.safetensors'));
  await fresh.oneClearSentence('set.safetensors');
  // What was trained meanwhile is still there, and goes on.
  assert.match(await fresh.text('open-problem'), /set\.safetensors.*untouched/);
  assert.equal(await epoch(fresh), 1);
  await click(fresh, 'train-pause');
  await finishes(fresh);
});

/** A model's file with nothing but its layers; `change` may spoil the header. */
function bare(bytes, change = () => {}) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const kept = {};
  const parts = [];
  let at = 0;
  for (const [name, info] of Object.entries(header)) {
    if (!/^(encoder|decoder|mean|log_var)\./.test(name)) continue;
    const [start, end] = info.data_offsets;
    kept[name] = { ...info, data_offsets: [at, at + end - start] };
    parts.push(bytes.subarray(8 + length + start, 8 + length + end));
    at += end - start;
  }
  change(kept);
  const text = Buffer.from(JSON.stringify(kept));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, ...parts]);
}

/** The worker that trains. */
async function trainer(app) {
  const names = await Promise.all(app.page.workers().map((worker) => worker.evaluate(() => self.name).catch(() => '')));
  return app.page.workers()[names.indexOf('trainer')];
}

test('a training that diverges says why beside its buttons, and keeps its curve', async (t) => {
  const app = await lab(t, `${SMALL},epochs:5,rate:0.1,slope:1`);
  await click(app, 'train-start');
  const diverged = async () => (await app.errors()).some((text) => /diverged in epoch \d+/.test(text));
  const ended = async () => /Ended|Stopped/.test(await app.text('train-ending'));
  await until('it diverges, or ends after all', async () => (await diverged()) || (await ended()), () => app.describe(), LONG);
  if (await diverged()) {
    const [error, button] = await Promise.all(['error', 'train-start'].map((id) => app.get(id).last().boundingBox()));
    assert.ok(Math.abs(error.y - button.y) < 250, 'beside the button');
    assert.equal(await app.page.locator('.page > .notice').count(), 0, 'and not at the top');
  }
  app.assertClean();
});

test('a finished training is offered after a reload', async (t) => {
  const app = await lab(t, `${SMALL},epochs:1`);
  await click(app, 'train-start');
  await finishes(app);
  await until('it is saved', async () => /Saved in this browser after epoch 1/.test(await app.text('train-saved')));
  await app.page.reload();
  await app.ready();
  await app.get('go-on').waitFor();
  assert.match(await app.text('go-on'), /finished after epoch 1/);
  await click(app, 'go-on-start');
  await finishes(app);
  app.assertClean();
});

test('a trainer that falls silent is noticed and replaced: training goes on after what is saved', async (t) => {
  const app = await lab(t, `${SMALL},epochs:40`);
  await click(app, 'train-start');
  await reaches(app, 2);
  const silent = await trainer(app);
  await silent.evaluate(() => self.close());
  await until('it is noticed', async () => (await app.errors()).some((text) => /training goes on after epoch \d+/.test(text)), () => app.describe(), 180_000);
  const before = await epoch(app);
  await reaches(app, before + 1);
  assert.deepEqual(await app.errors(), [], 'all is well again');
});

test('an explorer that falls silent is noticed and replaced: the sliders work again', async (t) => {
  const app = await lab(t, SMALL);
  const names = await Promise.all(app.page.workers().map((worker) => worker.evaluate(() => self.name).catch(() => '')));
  await app.page.workers()[names.indexOf('explorer')].evaluate(() => self.close());
  await until('it is noticed', async () => (await app.errors()).some((text) => /started again/.test(text)), () => app.describe(), 120_000);
  const before = await app.settled('spectrum');
  await app.slider(1).focus();
  for (let press = 0; press < 5; press += 1) await app.page.keyboard.press('ArrowRight');
  await app.redrawn('spectrum', before);
});

test('trainings give their nodes back', async (t) => {
  const app = await lab(t, `${SMALL},epochs:2`);
  const session = await app.page.context().newCDPSession(app.page);
  await session.send('Performance.enable');
  const nodes = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'Nodes').value;
  };
  const train = async () => {
    await click(app, 'train-start');
    await finishes(app);
    await click(app, 'train-stop');
    await until('the shipped model is back', async () => /shipped model/.test(await app.page.locator('.school-state .state').innerText()));
    await app.settled('scatter');
  };
  await train();
  const first = await nodes();
  for (let round = 0; round < 5; round += 1) await train();
  // The newest training's are given back once its last frame is drawn and the collector has run twice.
  let last;
  await until('the nodes are given back', async () => (last = await nodes()) - first < 100, () => `${first} after one training, ${last} after six`);
  t.diagnostic(`nodes after one training: ${first}, after six: ${last}`);
});
