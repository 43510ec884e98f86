import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../../static/lib/plain.js';

const cases = /** @type {Record<string, [string, string]>} */ ({
  'text stays as it is': ['a <b> & ü 漢 👍\ttab', 'a <b> & ü 漢 👍\ttab'],
  'colours': ['\x1b[1;31mred\x1b[0m and \x1b[38;2;1;2;3mtrue\x1b[m', 'red and true'],
  'cursor movement': ['\x1b[2K\x1b[1Gdone\x1b[?25h', 'done'],
  'a link keeps its words': ['\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\', 'click'],
  'a title': ['\x1b]0;evil\x07text', 'text'],
  'the clipboard': ['\x1b]52;c;ZXZpbA==\x07text', 'text'],
  'a string that never ends': ['before\x1b]8;;http://x', 'before'],
  'device control': ['\x1bP1$r0m\x1b\\text', 'text'],
  'eight-bit forms': ['\x9b31mred\x9d0;title\x9c!', 'red!'],
  'character sets and saved cursors': ['\x1b(B\x1b7text\x1b8', 'text'],
  'a lone escape at the end': ['text\x1b', 'text'],
  'backspaces overstrike': ['|\b/\b-', '-'],
  'NUL and bell show as pictures': ['a\x00b\x07', 'a␀b␇'],
  'delete': ['a\x7f', 'a␡'],
  'reordering shows as its number': ['user\u202e\u2066nimda', 'user‹202E›‹2066›nimda'],
});
for (const [name, [raw, shown]] of Object.entries(cases)) {
  test(name, () => assert.equal(plain(raw), shown));
}

test('no text made of escapes takes long', () => {
  for (const piece of ['\x1b]', '\x1b[', '\x1bP', '\x9b', 'a\b', '\x1b[;', '\x1b ', '\b']) {
    const start = performance.now();
    plain(piece.repeat(200_000));
    assert.ok(performance.now() - start < 2_000, JSON.stringify(piece));
  }
});
