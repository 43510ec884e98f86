// The tars are read back by tar itself.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tar } from '../../static/lib/tar.js';

/** Unpacks a tar and returns the folder. */
async function unpack(t, entries) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-tar-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const blob = tar(entries);
  assert.equal(blob.size % 512, 0);
  writeFileSync(join(folder, 'the.tar'), new Uint8Array(await blob.arrayBuffer()));
  execFileSync('tar', ['xf', 'the.tar'], { cwd: folder });
  return folder;
}

test('files come out as they went in, whatever their names and sizes', async (t) => {
  const long = `${'a-long-folder/'.repeat(12)}${'x'.repeat(120)}.txt`;
  const contents = /** @type {Record<string, string>} */ ({
    'plain.txt': 'hello\n',
    'empty': '',
    'exactly one block': 'b'.repeat(512),
    'one byte more': 'c'.repeat(513),
    'folder/inside.txt': 'in a folder',
    'Grüße, 漢字 👍.txt': 'ü',
    '-rf': 'a dash',
    'quotes \' and " and $(x)': 'q',
    [long]: 'long',
  });
  const folder = await unpack(t, Object.entries(contents).map(([name, content]) => ({ name, content: new Blob([content]) })));
  for (const [name, content] of Object.entries(contents)) assert.equal(readFileSync(join(folder, name), 'utf8'), content, name);
});

test('times, permissions and empty folders are kept', async (t) => {
  const folder = await unpack(t, [
    { name: 'run.sh', content: new Blob(['#!/bin/sh\n']), mode: 0o755, modified: Date.UTC(2026, 10, 23, 20, 11, 47) },
    { name: 'nothing in here/' },
  ]);
  const { mode, mtimeMs } = statSync(join(folder, 'run.sh'));
  assert.equal(mode & 0o777, 0o755);
  assert.equal(mtimeMs, Date.UTC(2026, 10, 23, 20, 11, 47));
  const empty = statSync(join(folder, 'nothing in here'));
  assert.ok(empty.isDirectory());
  assert.equal(empty.mode & 0o777, 0o755);
});

test('no file is an empty tar', async (t) => {
  await unpack(t, []);
  assert.equal(tar([]).size, 1024);
});

test('a file beyond 8 GiB has its size in a head of its own', async () => {
  const large = /** @type {Blob} */ ({ size: 9 * 1024 ** 3 });
  const parts = [];
  const { Blob: Real } = globalThis;
  globalThis.Blob = /** @type {any} */ (class { constructor(all) { parts.push(...all); } });
  try {
    tar([{ name: 'disk.img', content: large }]);
  } finally {
    globalThis.Blob = Real;
  }
  assert.match(new TextDecoder().decode(parts[1]), /^\d+ size=9663676416\n$/);
  assert.equal(parts[4], large);
});
