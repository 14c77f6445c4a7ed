// "Reproduced, bit for bit": the link to a training holds the hash of its weights; page and command line train to the same bits.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { commandLine, launch, open, root, until } from './harness.mjs';

let browser;
let folder;
const LONG = 180_000;
const PLAN = 'latents:3,hidden1:40,hidden2:12,epochs:2,seed:5';

before(async () => {
  assert.ok(existsSync(commandLine), 'the command line is not built: run `cargo build --features cli`');
  folder = mkdtempSync(join(tmpdir(), 'spectrascape-reproduced-'));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const lab = (t, link) => open(t, browser, { hash: `#view=train&${link}`, context: { permissions: ['clipboard-read', 'clipboard-write'] } });
const ends = (app) => until('it is over', async () => (await app.page.locator('.school-state').innerText()).includes('finished'), () => app.describe(), LONG);
const said = (app) => app.text('reproduced');

/** The hash of a file's weights, layer by layer, without the project's code. */
function hashOf(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const hash = createHash('sha256');
  for (const layer of ['encoder.0', 'encoder.2', 'mean', 'log_var', 'decoder.0', 'decoder.2', 'decoder.4']) {
    for (const part of ['weight', 'bias']) {
      const [start, end] = header[`${layer}.${part}`].data_offsets;
      hash.update(bytes.subarray(8 + length + start, 8 + length + end));
    }
  }
  return hash.digest('hex');
}

test('a training is reproduced bit for bit, by whoever opens its link, and by the command line', async (t) => {
  const first = await lab(t, `train=${PLAN}&run=1`);
  await ends(first);
  assert.match(await said(first), /It ended with the weights [0-9a-f]{8}\./);
  await first.get('copy-run').click();
  let link = '';
  await until('the link is copied', async () => (link = await first.page.evaluate(() => navigator.clipboard.readText())).includes('ends='));
  const promised = new URL(link).hash.match(/ends=([0-9a-f]{64})/)[1];
  await first.get('train-save').click();
  const [download] = await Promise.all([first.page.waitForEvent('download'), first.get('save-weights').click()]);
  const weights = readFileSync(await download.path());
  assert.equal(hashOf(weights), promised, 'the hash is of the weights that are saved');

  const second = await open(t, browser, { hash: new URL(link).hash });
  await ends(second);
  assert.match(await said(second), /^Reproduced, bit for bit/);
  await second.get('reproduced').scrollIntoViewIfNeeded();
  await second.screenshot('reproduced');
  second.assertClean();

  // Natively, on the same set: by the link, and by the model's file.
  const set = join(root, 'public/data/simulated');
  const file = join(folder, 'page.safetensors');
  writeFileSync(file, weights);
  for (const what of [link, file]) {
    const text = execFileSync(commandLine, ['train', '--data', set, '--verify', what], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    assert.match(text, new RegExp(`reproduced.*${promised}`, 's'), text);
  }
  assert.throws(() => execFileSync(commandLine, ['train', '--data', set, '--verify', link.replace('seed:5', 'seed:6')], { cwd: folder, stdio: 'pipe' }), (error) => {
    assert.equal(error.status, 1);
    assert.match(error.stderr.toString(), /not reproduced/);
    return true;
  });
});

test('a wrong promise is said, and one about other settings is not compared', async (t) => {
  const wrong = await lab(t, `train=${PLAN}&run=1&ends=${'0f'.repeat(32)}`);
  await ends(wrong);
  assert.match(await said(wrong), /^Not reproduced: it ended with the weights [0-9a-f]{8}, the link’s with 0f0f0f0f/);
  wrong.assertClean();
});
