// The console of a container, with a real shell behind it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, open } from '../support/browser.js';
import { Engine, IMAGE } from '../support/engine.js';
import { Hub } from '../support/hub.js';

const engine = await Engine.start();
engine.docker('run', '-d', '--name', 'web', '--network', 'none', IMAGE, 'sleep', '1000');
engine.docker('create', '--name', 'idle', '--network', 'none', IMAGE, 'sleep', '1000');
const hub = await Hub.start({ engine });
const browser = await launch();

const at = (name, query = '') => new URL(`ui/containers/${name}/console${query}`, hub.url);
/** What the terminal shows, its rows joined by newlines. */
const shown = (view) => view.evaluate(() => [...document.querySelectorAll('.terminal .line')].map(({ textContent }) => textContent.trimEnd()).join('\n').trimEnd());
const until = (view, pattern) => view.waitForFunction(([source, flags]) =>
  new RegExp(source, flags).test([...document.querySelectorAll('.terminal .line')].map(({ textContent }) => textContent.trimEnd()).join('\n')), [pattern.source, pattern.flags]);
const badge = (view, text) => view.locator('hub-console .badge', { hasText: text }).waitFor();
/** An answer that is an error is reported by the browser, too, and is no fault of the page. */
const faults = (view) => view.faults.filter((text) => !/Failed to load resource|ERR_NETWORK_CHANGED/.test(text));

/**
 * Opens the page of a console. A browser breaks off what it loads when the
 * machine's networks change, as they do when any container starts: then it
 * loads again.
 */
async function page(t, url, options) {
  const view = await open(t, browser, url, options);
  const there = view.locator('hub-console');
  for (let tries = 0; tries < 5; tries++) {
    if (await there.waitFor({ timeout: 6_000 }).then(() => true, () => false)) break;
    await view.reload();
  }
  return view;
}

/** Opens a console and waits for its prompt. */
async function shell(t, query, options) {
  const view = await page(t, at('web', query), options);
  await view.getByRole('button', { name: 'Open', exact: true }).click();
  await badge(view, 'live');
  await until(view, /# ?$/m);
  return view;
}

/** Types a line and Enter. */
async function type(view, text) {
  await view.keyboard.type(text);
  await view.keyboard.press('Enter');
}

test('a shell runs what is typed, with its own history, completion and line editing', async (t) => {
  const view = await shell(t);
  await type(view, 'echo one-$((1 + 1))');
  await until(view, /^one-2$/m);
  await view.keyboard.press('ArrowUp');
  for (const key of ['ArrowLeft', 'ArrowLeft', 'Backspace', '7', 'Enter']) await view.keyboard.press(key);
  await until(view, /^one-8$/m);
  await view.keyboard.type('never run');
  await view.keyboard.press('Control+c');
  await view.keyboard.insertText('echo "héllo 漢字" | cat'); // as an input method does
  await view.keyboard.press('Enter');
  await until(view, /^héllo 漢字$/m);
  await type(view, 'mkdir -p /tmp/long-name-here');
  await view.keyboard.type('ls -d /tmp/long-n');
  await view.keyboard.press('Tab');
  await view.keyboard.press('Enter');
  await until(view, /^\/tmp\/long-name-here\/?$/m);
  assert.deepEqual(faults(view), []);
});

test('the end is told with its exit code, and a new one opens in its place', async (t) => {
  const view = await shell(t);
  await type(view, 'exit 3');
  await badge(view, 'ended: exit code 3');
  const again = view.getByRole('button', { name: 'Open again' });
  assert.ok(await again.evaluate((button) => button === document.activeElement));
  await again.press('Enter');
  await badge(view, 'live');
  await until(view, /# ?$/m);
  await type(view, 'exit');
  await badge(view, 'ended: exit code 0');
  assert.deepEqual(faults(view), []);
});

test('a full-screen editor works, and the screen is as before when it has ended', async (t) => {
  const view = await shell(t);
  await type(view, 'echo before; vi /tmp/note');
  await until(view, /^~$/m);
  await view.keyboard.type('ihello');
  await view.keyboard.press('Enter');
  await view.keyboard.type('world');
  await view.keyboard.press('Escape');
  await until(view, /^hello\nworld\n~/m);
  await type(view, ':wq');
  await until(view, /^before\n.*# ?$/m);
  assert.equal(engine.docker('exec', 'web', 'cat', '/tmp/note'), 'hello\nworld');
  assert.deepEqual(faults(view), []);
});

test('the program knows the terminal’s size, also when that changes', async (t) => {
  const view = await shell(t);
  const size = async (pattern) => {
    await until(view, pattern);
    return pattern.exec(await shown(view)).slice(1).map(Number);
  };
  await type(view, 'echo first $(stty size)');
  const [rows, cols] = await size(/^first (\d+) (\d+)$/m);
  await view.setViewportSize({ width: 700, height: 500 });
  await type(view, 'until [ $(stty size | cut -d" " -f2) -lt 100 ]; do sleep 0.1; done; echo then $(stty size)');
  const [lower, narrower] = await size(/^then (\d+) (\d+)$/m);
  assert.ok(lower < rows && narrower < cols, `${rows} ${cols}, then ${lower} ${narrower}`);
  assert.ok(await view.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

test('every key goes to the terminal but the one that leaves it, which is told', async (t) => {
  const view = await shell(t);
  await view.getByText('F6 leaves the terminal').waitFor();
  await type(view, 'echo "a?b/c"');
  await until(view, /^a\?b\/c$/m);
  assert.equal(await view.locator('dialog').count(), 0);
  await view.keyboard.press('F6');
  assert.equal(await view.evaluate(() => document.activeElement.textContent), 'Close');
  await view.keyboard.press('?');
  await view.getByRole('heading', { name: 'Keyboard' }).waitFor();
  await view.keyboard.press('Escape');
  await view.getByRole('button', { name: 'Close' }).click();
  await badge(view, 'closed here');
});

test('pasting several lines asks first, unless the program wants to know what is pasted', async (t) => {
  const view = await shell(t, '', { permissions: ['clipboard-read', 'clipboard-write'] });
  const paste = async (text) => {
    await view.evaluate((what) => navigator.clipboard.writeText(what), text);
    await view.keyboard.press('Control+v');
  };
  await paste('echo pasted-$((2 + 3))');
  await view.keyboard.press('Enter');
  await until(view, /^pasted-5$/m);
  await paste('echo first-$((1 + 0))\necho second-$((1 + 1))\n');
  await view.getByRole('heading', { name: 'Paste 3 lines?' }).waitFor();
  await view.getByRole('button', { name: 'Cancel' }).click();
  await paste('echo first-$((1 + 0))\necho second-$((1 + 1))\n');
  await view.getByRole('button', { name: 'Paste', exact: true }).click();
  await until(view, /^first-1$[^]*^second-2$/m);
  await type(view, `stty -icanon -echo; printf '\\033[?2004hready\\n'; head -c 17 | cat -v`);
  await until(view, /^ready$/m);
  await paste('a\nb\x1b[C');
  await until(view, /\^\[\[200~a/);
  assert.equal(await view.locator('dialog').count(), 0);
  assert.deepEqual(faults(view), []);
});

test('what is marked is copied as lines, however the terminal wraps them, and typing goes on', async (t) => {
  const view = await shell(t, '', { permissions: ['clipboard-read', 'clipboard-write'] });
  await type(view, 'clear; printf "%0200d\\nnext\\n" 7');
  await until(view, /^next\n/m);
  const [long] = await view.locator('.terminal .line', { hasText: /^0{30}/ }).all();
  const from = await long.boundingBox();
  const to = await view.locator('.terminal .line', { hasText: /^next$/ }).boundingBox();
  await view.mouse.move(from.x + 1, from.y + 8);
  await view.mouse.down();
  await view.mouse.move(to.x + 60, to.y + 8, { steps: 4 });
  await view.mouse.up();
  await view.keyboard.press('Control+c');
  assert.equal(await view.evaluate(() => navigator.clipboard.readText()), `${'0'.repeat(199)}7\nnext`);
  await type(view, 'echo on-$((5 + 5))');
  await until(view, /^on-10$/m);
  await view.mouse.click(from.x + 300, from.y + 60);
  await type(view, 'echo clicked-$((5 + 6))');
  await until(view, /^clicked-11$/m);
  assert.deepEqual(faults(view), []);
});

test('what a program prints never acts on the page', async (t) => {
  const view = await shell(t);
  const title = await view.title();
  engine.docker('exec', 'web', 'sh', '-c', `printf '%b' ${[
    '\\033]0;evil\\007', '\\033]52;c;ZXZpbA==\\007', '\\033]8;;javascript:alert(1)\\033\\\\click\\033]8;;\\033\\\\', '<img src=x onerror=alert(1)>', '\\r\\n<script>alert(1)</script>',
    '\\r\\n\\033P+q544e\\033\\\\', '\\033[21t\\033[?1000h', '\\r\\n\\033[38;5;999mx\\033[38;2;1;2;999;1my', '\\r\\nuser\\342\\200\\256nimda', '\\r\\nlast',
  ].map((part) => `'${part}'`).join(' ')} > /tmp/evil`);
  await type(view, 'cat /tmp/evil; echo');
  await until(view, /^last$/m);
  assert.match(await shown(view), /click<img src=x onerror=alert\(1\)>\n<script>alert\(1\)<\/script>\n/);
  assert.deepEqual(await view.evaluate(() => [document.querySelectorAll('.terminal :is(img, script, a, iframe)').length, document.title, location.hash]), [0, title, '']);
  await type(view, 'echo still-$((1 + 2))');
  await until(view, /^still-3$/m);
  assert.deepEqual(faults(view), []);
});

test('a link fills in the command and the user, and runs nothing', async (t) => {
  const view = await page(t, at('web', '?cmd=touch+%2Ftmp%2Fevil-link&user=1000:1000'), { permissions: ['clipboard-read', 'clipboard-write'] });
  await badge(view, 'not opened');
  assert.equal(await view.getByLabel('Other command').inputValue(), 'touch /tmp/evil-link');
  assert.equal(await view.getByLabel('as user').inputValue(), '1000:1000');
  await view.getByRole('button', { name: 'Copy docker exec' }).click();
  await view.getByText('Copied', { exact: true }).waitFor();
  assert.equal(await view.evaluate(() => navigator.clipboard.readText()), 'docker exec -it -u 1000:1000 web touch /tmp/evil-link');
  assert.throws(() => engine.docker('exec', 'web', 'ls', '/tmp/evil-link'));
  await view.getByLabel('Other command').fill(`sh -c 'id -u; exit 5'`);
  await view.waitForURL(/cmd=sh\+-c/);
  await view.getByRole('button', { name: 'Open', exact: true }).click();
  await badge(view, 'ended: exit code 5');
  await until(view, /^1000$/m);
  assert.deepEqual(faults(view), []);
});

test('where no console can be had, it says why and what to do', async (t) => {
  const view = await page(t, at('idle'));
  await view.getByRole('button', { name: 'Open', exact: true }).click();
  await view.locator('hub-console .problem', { hasText: 'Container idle does not run' }).waitFor();
  engine.docker('start', 'idle');
  await view.locator('hub-console').getByRole('button', { name: 'Try again' }).click();
  await badge(view, 'live');
  await view.getByRole('button', { name: 'Close' }).click();
  await view.getByLabel('as user').fill('nobody-of-that-name');
  await view.getByRole('button', { name: 'Open again' }).click();
  await view.locator('hub-console').getByText(/unable to find user nobody-of-that-name/).waitFor();
});

test('a flood neither stops the page nor fills it, and Control C ends it', async (t) => {
  const view = await shell(t);
  await type(view, 'seq 300000');
  await until(view, /^300000\n.*# ?$/m);
  const { height, drawn } = await view.evaluate(() => ({ height: document.querySelector('.sheet').clientHeight, drawn: document.querySelectorAll('.terminal .line').length }));
  assert.ok(height > 10_000 * 18 && height < 11_000 * 18, `${height}`);
  assert.ok(drawn < 200, `${drawn}`);
  await type(view, 'yes');
  await until(view, /^y\ny\ny$/m);
  await view.keyboard.press('Control+c');
  await type(view, 'echo over-$((4 + 4))');
  await until(view, /^over-8$/m);
  await view.keyboard.press('Shift+PageUp');
  await until(view, /^y\ny\ny$/m);
  assert.deepEqual(faults(view), []);
});

test('a hub that goes away is told, and nothing is lost of what was shown', async (t) => {
  const view = await shell(t);
  await type(view, 'echo kept-$((3 + 3))');
  await until(view, /^kept-6$/m);
  await hub.kill();
  await badge(view, 'lost');
  assert.match(await shown(view), /^kept-6$/m);
  await hub.run();
  await view.getByRole('button', { name: 'Open again' }).click();
  await badge(view, 'live');
});
