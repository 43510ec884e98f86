// The files of a container on a real engine: found, read, written, sent and
// fetched, and nothing lost on the way.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Engine, IMAGE } from '../support/engine.js';
import { Hub } from '../support/hub.js';

const engine = await Engine.start();
const hub = await Hub.start({ engine });
const browser = await launch();
const scratch = mkdtempSync(join(tmpdir(), 'hub-files-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

engine.docker('run', '-d', '--network', 'none', '--name', 'box', IMAGE, 'sh', '-c', `mkdir -p /srv/site/img '/srv/a folder'
  printf 'server {\\n  listen 80;\\n}\\n' > /srv/site/nginx.conf; chmod 755 /srv/site/nginx.conf
  printf 'one\\r\\ntwo\\r\\n' > /srv/site/dos.txt
  printf 'one\\r\\ntwo\\n' > /srv/site/mixed.txt
  head -c 2000 /dev/urandom > /srv/site/blob; head -c 1500000 /dev/zero | tr '\\0' x > /srv/site/large.txt
  ln -s nginx.conf /srv/site/link.conf
  touch "/srv/a folder/<img src=x onerror=alert(1)>"
  sleep 1000`);
engine.docker('create', '--name', 'still', IMAGE);

const inside = (...command) => execFileSync('docker', ['exec', 'box', ...command], { env: { ...process.env, DOCKER_HOST: engine.host }, encoding: 'utf8' });
const content = (path) => inside('cat', path);
const address = (path, container = 'box') => new URL(`ui/containers/${container}/files?path=${encodeURIComponent(path)}`, hub.url);
const link = (view, name) => view.getByRole('link', { name, exact: true });
const button = (view, name) => view.getByRole('button', { name, exact: true });
const text = (view) => view.locator('hub-file textarea');
/** What must never happen; a browser also reports answers that are errors, and what it drops when the machine's network changes. */
const faults = (view) => view.faults.filter((fault) => !fault.includes('Failed to load resource'));

/** Waits until something is so in the container. */
async function until(view, so) {
  for (let tries = 0; tries < 100; tries++) {
    if (so()) return;
    await view.waitForTimeout(50);
  }
  assert.ok(so());
}

test('one browses by links, by the way above, by a path and by the keyboard; the address says where', async (t) => {
  const view = await open(t, browser, address('/'));
  await link(view, 'srv/').click();
  await link(view, 'site/').click();
  await link(view, 'nginx.conf').waitFor();
  assert.equal(new URL(view.url()).search, '?path=/srv/site');
  assert.deepEqual(await view.locator('hub-files tbody a[class]').allTextContents().then((names) => names.filter((name) => !name.startsWith('Download'))),
    ['img/', 'blob', 'dos.txt', 'large.txt', 'link.conf', 'mixed.txt', 'nginx.conf']);
  await view.locator('tr', { hasText: 'nginx.conf' }).last().getByText('-rwxr-xr-x').waitFor();
  await view.getByText('→ nginx.conf').waitFor();
  await link(view, 'blob').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'Enter']) await view.keyboard.press(key);
  assert.equal(await text(view).inputValue(), 'one\ntwo\n');
  await view.getByRole('navigation', { name: 'Path' }).getByRole('link', { name: 'srv' }).click();
  await link(view, 'a folder/').waitFor();
  await view.getByLabel('Go to a path').fill('site/img');
  await view.keyboard.press('Enter');
  await view.getByText('Nothing is in this folder').waitFor();
  await view.goBack();
  await link(view, 'a folder/').waitFor();
  assert.deepEqual(faults(view), []);
});

test('a text is edited and saved with Ctrl+S; its permissions and its line ends stay', async (t) => {
  const view = await open(t, browser, address('/srv/site/nginx.conf'));
  assert.equal(await button(view, 'Save').isDisabled(), true);
  await text(view).fill('server {}\n');
  await view.getByText('not saved', { exact: true }).waitFor();
  await view.keyboard.press('Control+s');
  await view.getByText('/srv/site/nginx.conf is saved.').waitFor();
  await view.getByText('not saved', { exact: true }).waitFor({ state: 'hidden' });
  assert.equal(content('/srv/site/nginx.conf'), 'server {}\n');
  assert.match(inside('ls', '-l', '/srv/site/nginx.conf'), /^-rwxr-xr-x/);
  await view.goto(String(address('/srv/site/dos.txt')));
  await text(view).fill('1\n2\n3\n');
  await button(view, 'Save').click();
  await view.getByText('/srv/site/dos.txt is saved.').waitFor();
  assert.equal(content('/srv/site/dos.txt'), '1\r\n2\r\n3\r\n');
  assert.deepEqual(faults(view), []);
});

test('what would be changed unasked can only be read', async (t) => {
  const view = await open(t, browser, address('/srv/site/mixed.txt'));
  await view.getByText('Its lines end in different ways').waitFor();
  assert.equal(await text(view).evaluate((field) => field.readOnly), true);
  assert.equal(await button(view, 'Save').count(), 0);
});

test('what somebody else wrote meanwhile is not overwritten unasked', async (t) => {
  inside('sh', '-c', 'echo first > /srv/race.txt');
  const view = await open(t, browser, address('/srv/race.txt'));
  await text(view).fill('mine\n');
  inside('sh', '-c', 'echo theirs > /srv/race.txt');
  await button(view, 'Save').click();
  const question = view.getByRole('dialog', { name: 'Overwrite /srv/race.txt?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(content('/srv/race.txt'), 'theirs\n');
  assert.equal(await text(view).inputValue(), 'mine\n');
  await button(view, 'Save').click();
  await question.getByRole('button', { name: 'Overwrite' }).click();
  await view.getByText('/srv/race.txt is saved.').waitFor();
  assert.equal(content('/srv/race.txt'), 'mine\n');
  assert.deepEqual(faults(view), []);
});

test('a link away asks before changes are lost, and the way back keeps them', async (t) => {
  inside('sh', '-c', 'echo kept > /srv/draft.txt');
  const view = await open(t, browser, address('/srv'));
  await link(view, 'draft.txt').click();
  await text(view).fill('half a thought');
  await link(view, 'stats').click();
  const question = view.getByRole('dialog', { name: 'Discard your changes to /srv/draft.txt?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await text(view).inputValue(), 'half a thought');
  await view.goBack();
  await view.getByText('Your changes to /srv/draft.txt are not saved.').waitFor();
  await link(view, 'draft.txt').click();
  await view.getByText('Your changes that were not saved are back.').waitFor();
  assert.equal(await text(view).inputValue(), 'half a thought');
  await link(view, 'stats').click();
  await question.getByRole('button', { name: 'Discard' }).click();
  await view.waitForURL('**/box/stats');
  assert.equal(content('/srv/draft.txt'), 'kept\n');
  assert.deepEqual(faults(view), []);
});

test('what is no text, or too large, is told with its size; a link shows and saves what it leads to', async (t) => {
  const view = await open(t, browser, address('/srv/site/blob'));
  await view.getByText('Not a text: 2.0 KB of binary data.').waitFor();
  await view.goto(String(address('/srv/site/large.txt')));
  await view.getByText('1.4 MB: too large to be shown here.').waitFor();
  await view.goto(String(address('/srv/site/link.conf')));
  await view.getByText('A link to /srv/site/nginx.conf').waitFor();
  await text(view).fill('by the link\n');
  await button(view, 'Save').click();
  await view.getByText('/srv/site/nginx.conf is saved.').waitFor();
  assert.equal(content('/srv/site/nginx.conf'), 'by the link\n');
  assert.match(inside('ls', '-l', '/srv/site/link.conf'), /-> nginx.conf/);
  assert.deepEqual(faults(view), []);
});

test('a folder and a file are made; a name that is taken is refused at its field', async (t) => {
  const view = await open(t, browser, address('/srv/site/img'));
  await button(view, 'New folder').click();
  await view.getByLabel('Name').fill('icons and so on');
  await button(view, 'Make').click();
  await link(view, 'icons and so on/').waitFor();
  await button(view, 'New file').click();
  await view.getByLabel('Name').fill('icons and so on');
  await button(view, 'Make').click();
  await view.getByText('is there already').waitFor();
  await view.getByLabel('Name').fill('-list.txt');
  await button(view, 'Make').click();
  await view.waitForURL('**/files?path=/srv/site/img/-list.txt');
  await text(view).fill('a\n');
  await button(view, 'Save').click();
  await view.getByText('is saved.').waitFor();
  assert.equal(content('/srv/site/img/-list.txt'), 'a\n');
  assert.deepEqual(faults(view), []);
});

test('files are uploaded with their content and time; those in the way are named first', async (t) => {
  inside('mkdir', '-p', '/srv/up');
  const large = Buffer.alloc(3 << 20, 'ü漢');
  writeFileSync(join(scratch, 'Grüße.bin'), large);
  writeFileSync(join(scratch, 'note.txt'), 'one\n');
  const view = await open(t, browser, address('/srv/up'));
  await view.getByText('Nothing is in this folder').waitFor();
  await view.locator('hub-files input[type=file]').setInputFiles(['Grüße.bin', 'note.txt'].map((name) => join(scratch, name)));
  await view.getByText('2 files uploaded to /srv/up, 3.0 MB').waitFor();
  await link(view, 'Grüße.bin').waitFor();
  assert.ok(execFileSync('docker', ['exec', 'box', 'cat', '/srv/up/Grüße.bin'], { env: { ...process.env, DOCKER_HOST: engine.host }, maxBuffer: 1 << 23 }).equals(large));
  writeFileSync(join(scratch, 'note.txt'), 'two\n');
  await view.locator('hub-files input[type=file]').setInputFiles([join(scratch, 'note.txt')]);
  const question = view.getByRole('dialog', { name: 'Replace note.txt in /srv/up?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(content('/srv/up/note.txt'), 'one\n');
  await view.locator('hub-files input[type=file]').setInputFiles([join(scratch, 'note.txt')]);
  await question.getByRole('button', { name: 'Replace' }).click();
  await until(view, () => content('/srv/up/note.txt') === 'two\n');
  assert.deepEqual(faults(view), []);
});

test('files are dropped on the folder', async (t) => {
  inside('mkdir', '-p', '/srv/drop');
  const view = await open(t, browser, address('/srv/drop'));
  await view.getByText('Nothing is in this folder').waitFor();
  const drop = await view.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['dropped\n'], 'dropped.txt'));
    return transfer;
  });
  await view.dispatchEvent('hub-files .content', 'dragover', { dataTransfer: drop });
  assert.equal(await view.locator('hub-files.over').count(), 1);
  await view.dispatchEvent('hub-files .content', 'drop', { dataTransfer: drop });
  await link(view, 'dropped.txt').waitFor();
  assert.equal(content('/srv/drop/dropped.txt'), 'dropped\n');
  assert.equal(await view.locator('hub-files.over').count(), 0);
  assert.deepEqual(faults(view), []);
});

test('a file is downloaded as itself, a folder as a tar', async (t) => {
  const view = await open(t, browser, address('/srv/site'));
  const [file] = await Promise.all([view.waitForEvent('download'), button(view, 'Download /srv/site/blob').click()]);
  assert.equal(file.suggestedFilename(), 'blob');
  const bytes = execFileSync('docker', ['exec', 'box', 'cat', '/srv/site/blob'], { env: { ...process.env, DOCKER_HOST: engine.host } });
  assert.ok(readFileSync(await file.path()).equals(bytes));
  const [folder] = await Promise.all([view.waitForEvent('download'), link(view, 'Download tar').click()]);
  assert.equal(folder.suggestedFilename(), 'box-site.tar');
  const to = join(scratch, 'site');
  mkdirSync(to);
  execFileSync('tar', ['-xf', await folder.path(), '-C', to]);
  assert.ok(readFileSync(join(to, 'site/blob')).equals(bytes));
  assert.deepEqual(faults(view), []);
});

test('deleting names the path and asks', async (t) => {
  inside('sh', '-c', 'mkdir -p /srv/del/sub; touch /srv/del/a /srv/del/sub/b');
  const view = await open(t, browser, address('/srv/del'));
  await button(view, 'Delete /srv/del/sub').click();
  await view.getByRole('dialog', { name: 'Delete /srv/del/sub?' }).getByText('The folder goes with all that is in it.').waitFor();
  await view.keyboard.press('Escape');
  assert.equal(inside('ls', '/srv/del'), 'a\nsub\n');
  await button(view, 'Delete /srv/del/sub').click();
  await view.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await link(view, 'sub/').waitFor({ state: 'detached' });
  assert.equal(inside('ls', '/srv/del'), 'a\n');
  await link(view, 'a').click();
  await button(view, 'Delete /srv/del/a').click();
  await view.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await view.getByText('Nothing is in this folder').waitFor();
  assert.deepEqual(faults(view), []);
});

test('a container that does not run: its files are read and written, and why none is deleted is said', async (t) => {
  const view = await open(t, browser, address('/etc/passwd', 'still'));
  await view.getByText('files can be read, written and uploaded, but not deleted').waitFor();
  await text(view).fill('nobody:x:1:1::/:/bin/false\n');
  await button(view, 'Save').click();
  await view.getByText('/etc/passwd is saved.').waitFor();
  assert.match(engine.docker('cp', 'still:/etc/passwd', join(scratch, 'passwd')) + readFileSync(join(scratch, 'passwd'), 'utf8'), /^nobody/);
  assert.equal(await button(view, 'Delete /etc/passwd').isDisabled(), true);
  await view.getByRole('navigation', { name: 'Path' }).getByRole('link', { name: 'etc' }).click();
  await link(view, 'passwd').waitFor();
  assert.equal(await button(view, 'Delete /etc/passwd').isDisabled(), true);
  assert.deepEqual(faults(view), []);
});

test('a name is only a name, and a path that is not there says so and leads up', async (t) => {
  const view = await open(t, browser, address('/srv/a folder'));
  await link(view, '<img src=x onerror=alert(1)>').click();
  await view.getByRole('textbox', { name: 'Text of /srv/a folder/<img src=x onerror=alert(1)>' }).waitFor();
  assert.equal(await view.locator('hub-container img').count(), 0);
  await view.goto(String(address('/srv/nothing')));
  await view.getByText('there is no such path').waitFor();
  await link(view, 'To the folder above').click();
  await link(view, 'a folder/').waitFor();
  assert.deepEqual(faults(view), []);
});
