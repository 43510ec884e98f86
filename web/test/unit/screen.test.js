// The terminal's screen: what programs write, and what is to be seen then.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Screen } from '../../static/console/screen.js';

/** A small screen after all of that was written to it, in parts. */
function screen(...parts) {
  const made = new Screen(10, 4);
  for (const part of parts) made.write(part);
  return made;
}
const shown = (made) => made.rows.map(String);
const left = (made) => made.past.map(String);
const after = (...parts) => shown(screen(...parts)).join('|').replace(/\|+$/, '');
const styled = (made, y = 0) => made.rows[y].runs().map(({ text, style }) => [text, style]);

test('lines, carriage returns, backspaces and tabs move as on any terminal', () => {
  assert.equal(after('one\r\ntwo'), 'one|two');
  assert.equal(after('one\ntwo'), 'one|   two');
  assert.equal(after('100%\r 50'), ' 50%');
  assert.equal(after('ab\bX'), 'aX');
  assert.equal(after('a\tb'), 'a       b');
  assert.equal(after('\b\b\bx'), 'x');
});

test('a long line goes on in the next row, and the row says so', () => {
  const made = screen('0123456789ab');
  assert.deepEqual(shown(made), ['0123456789', 'ab', '', '']);
  assert.deepEqual(made.rows.map(({ wrapped }) => wrapped), [true, false, false, false]);
  assert.equal(after('0123456789\rX'), 'X123456789', 'a full row is left only by the next character');
  assert.equal(after('\x1b[?7l0123456789ab'), '012345678b', 'without wrapping the last cell is written over');
});

test('rows that leave at the top are kept, up to a bound', () => {
  const made = screen('1\r\n2\r\n3\r\n4\r\n5\r\n6');
  assert.deepEqual([left(made), shown(made)], [['1', '2'], ['3', '4', '5', '6']]);
  for (let i = 0; i < 12_000; i++) made.write(`${i}\r\n`);
  assert.ok(made.past.length >= 10_000 && made.past.length < 10_600, `${made.past.length}`);
  assert.equal(made.gone + made.past.length, 12_002);
  assert.equal(String(made.past.at(-1)), '11996');
});

test('the cursor goes where it is sent, and never off the screen', () => {
  assert.equal(after('\x1b[2;3Hx'), '|  x');
  assert.equal(after('\x1b[3;1fx\x1b[Ay\x1b[Bz\x1b[2Dw'), '| y|xwz');
  assert.equal(after('\x1b[99;99Hx'), '|||         x');
  assert.equal(after('abc\x1b[Hx\x1b[2Gy\x1b[2dz'), 'xyc|  z');
  assert.equal(after('\x1b[2;2Ha\x1b7\x1b[Hb\x1b8c\x1b[Hd'), 'd| ac');
  const made = screen('\x1b[999999999999;999999999999H');
  assert.deepEqual([made.x, made.y], [9, 3]);
});

test('erasing, inserting and removing', () => {
  assert.equal(after('abcdef\x1b[1;3H\x1b[K'), 'ab');
  assert.equal(after('abcdef\x1b[1;3H\x1b[1K'), '   def');
  assert.equal(after('abcdef\x1b[2K'), '');
  assert.equal(after('abcdef\x1b[1;2H\x1b[2P'), 'adef');
  assert.equal(after('abcdef\x1b[1;2H\x1b[2@'), 'a  bcdef');
  assert.equal(after('abcdef\x1b[1;2H\x1b[2X'), 'a  def');
  assert.equal(after('a\r\nb\r\nc\x1b[2H\x1b[L'), 'a||b|c');
  assert.equal(after('a\r\nb\r\nc\x1b[2H\x1b[M'), 'a|c');
  assert.deepEqual(left(screen('a\r\nb\x1b[H\x1b[M')), [], 'what is taken out does not come to the past');
  assert.equal(after('a\r\nb\r\nc\x1b[2;1H\x1b[J'), 'a');
  assert.equal(after('a\r\nb\r\nc\x1b[2;1H\x1b[1J'), '||c');
  assert.equal(after('\x1b[4habc\x1b[Hx'), 'xabc');
  assert.equal(after('x\x1b[5b'), 'xxxxxx');
});

test('what a program clears leaves at the top, unless it wants it forgotten', () => {
  const made = screen('one\r\ntwo\x1b[H\x1b[2J$ ');
  assert.deepEqual([left(made), shown(made)], [['one', 'two'], ['$', '', '', '']]);
  made.write('\x1b[3J');
  assert.deepEqual(left(made), []);
});

test('a part of the screen scrolls by itself', () => {
  const made = screen('1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\nnew');
  assert.deepEqual([left(made), shown(made)], [[], ['1', '3', 'new', '4']]);
  assert.equal(after('1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[2;1H\x1bMnew'), '1|new|2|4');
  assert.equal(after('1\r\n2\r\n3\r\n4\x1b[S'), '2|3|4');
  assert.equal(after('1\r\n2\r\n3\r\n4\x1b[T'), '|1|2|3');
  assert.equal(after('\x1b[2;3r\x1b[?6h\x1b[1;1Hx\x1b[9;1Hy'), '|x|y', 'addresses within it');
});

test('a program takes the whole screen and gives it back as it was', () => {
  const made = screen('$ vi\r\n', '\x1b[?1049h\x1b[2J\x1b[Hfile\r\n~\r\n~\r\n~\r\nmore');
  assert.deepEqual([made.whole, left(made), shown(made)], [true, [], ['~', '~', '~', 'more']]);
  made.write('\x1b[?1049l$ ');
  assert.deepEqual([made.whole, shown(made)], [false, ['$ vi', '$', '', '']]);
});

test('a new size keeps what is shown', () => {
  const made = screen('1\r\n2\r\n3\r\n4');
  made.resize(10, 2);
  assert.deepEqual([left(made), shown(made), made.y], [['1', '2'], ['3', '4'], 1]);
  made.resize(10, 4);
  assert.deepEqual([left(made), shown(made), made.y], [[], ['1', '2', '3', '4'], 3]);
  const half = screen('1\r\n2');
  half.resize(10, 2);
  assert.deepEqual([left(half), shown(half)], [[], ['1', '2']], 'blank rows go first');
  const wide = screen('0123456789');
  wide.resize(5, 4);
  wide.resize(10, 4);
  assert.deepEqual(shown(wide)[0], '0123456789');
  wide.resize(0, 1e9);
  assert.ok(wide.cols >= 2 && wide.rows.length <= 1_000);
});

test('colours and the like are data', () => {
  assert.deepEqual(styled(screen('a\x1b[1;31mb\x1b[0mc')), [['a', undefined], ['b', { bold: true, fg: 1 }], ['c', undefined]]);
  assert.deepEqual(styled(screen('\x1b[92;44ma\x1b[39mb')), [['a', { fg: 10, bg: 4 }], ['b', { bg: 4 }]]);
  assert.deepEqual(styled(screen('\x1b[38;5;208ma\x1b[48:2::1:2:255mb')), [['a', { fg: '#ff8700' }], ['b', { fg: '#ff8700', bg: '#0102ff' }]]);
  assert.deepEqual(styled(screen('\x1b[38;2;300;0;0;1ma\x1b[38;5;999;4mb')), [['a', { bold: true }], ['b', { bold: true, underline: true }]]);
  assert.deepEqual(styled(screen('\x1b[7ma\x1b[27mb\x1b[m')), [['a', { inverse: true }], ['b', undefined]]);
  assert.deepEqual(styled(screen('\x1b[41m\x1b[2K')), [['          ', { bg: 1 }]], 'what is erased has the background');
});

test('a sequence may be cut anywhere', () => {
  const text = 'a\x1b[1;31mb\x1b]0;title\x07c\x1b[2;5Hd\x1b(0q\x1b(Be';
  const whole = screen(text);
  const bits = screen(...text);
  assert.deepEqual(shown(bits), shown(whole));
  assert.deepEqual(shown(whole), ['abc', '    d─e', '', '']);
  assert.deepEqual(styled(bits), styled(whole));
  assert.deepEqual(styled(screen('\x1b[3\x7f\x9b1ma')), [['a', { fg: 1 }]], 'nor is it ended by what is ignored');
});

test('wide characters take two cells, marks none, and half a character never stays', () => {
  const made = screen('漢字x');
  assert.deepEqual(made.rows[0].runs().map(({ text, wide }) => [text, wide]), [['漢', true], ['字', true], ['x', false]]);
  assert.equal(made.x, 5);
  assert.equal(after('漢字\x1b[1;2Hx'), ' x字');
  assert.equal(after('漢字\x1b[1;1Hx'), 'x 字');
  assert.equal(after('漢字\x1b[1;2H\x1b[P'), ' 字');
  assert.equal(after('012345678漢'), '012345678|漢');
  assert.equal(screen('e\u0301x').x, 2);
  assert.equal(after('e\u0301x'), 'e\u0301x');
  assert.ok(after(`e${'\u0301'.repeat(10_000)}`).length < 30);
});

test('titles, the clipboard, links and other strings leave nothing, whether they end or not', () => {
  assert.equal(after('a\x1b]0;evil\x07b'), 'ab');
  assert.equal(after('a\x1b]52;c;ZXZpbA==\x1b\\b'), 'ab');
  assert.equal(after('a\x1b]8;;javascript:alert(1)\x1b\\b\x1b]8;;\x1b\\c'), 'abc');
  assert.equal(after('a\x1bPq#0~\x1b\\b\x1b_x\x1b\\c\x1b^y\x1b\\d'), 'abcd');
  assert.equal(after('a\x1b]0;never ends\r\nb'), 'ab', 'a newline is the end of what never ends');
  assert.equal(after('a\x9b31mb\x7f\x00c'), 'a31mbc');
  assert.equal(after('user\u202enimda'), 'user\ufffdnimda', 'no order but that of the cells');
});

test('a program is answered what it may ask, and only so often', () => {
  const said = [];
  const made = new Screen(10, 4, (text) => said.push(text));
  made.write('\x1b[2;3H\x1b[6n\x1b[5n\x1b[c\x1b[>c');
  assert.deepEqual(said, ['\x1b[2;3R\x1b[0n\x1b[?6c\x1b[>0;0;0c']);
  made.write('\x1b]11;?\x07\x1b[21t\x1bP$qm\x1b\\\x1b]52;c;?\x07');
  assert.equal(said.length, 1, 'nothing of the page, its title or the clipboard');
  made.write('\x1b[6n'.repeat(10_000));
  assert.ok(said[1].length <= 256);
});

test('modes are kept for the keyboard, and a reset ends them', () => {
  const made = screen('\x1b[?1h\x1b[?2004h\x1b[?25l');
  assert.deepEqual([made.modes.application, made.modes.bracketed, made.modes.cursor], [true, true, false]);
  made.write('\x1bc');
  assert.deepEqual([made.modes.application, made.modes.bracketed, made.modes.cursor], [false, false, true]);
});

test('noise neither throws nor takes long nor leaves the screen', () => {
  let seed = 42;
  const random = (n) => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % n;
  const parts = ['\x1b[', '\x1b]', '\x1b', ';', '?', '9999', 'H', 'J', 'r', 'M', 'L', 'P', '@', 'S', 'T', 'm', '\r\n', '漢', 'e\u0301', '\x1b[?1049h', '\x1b[?1049l', '\x1b[3;2r', '\x1b[?6h', 'text', '\t', '\x07', '\x18'];
  const made = screen();
  const begun = performance.now();
  for (let i = 0; i < 100_000; i++) {
    made.write(parts[random(parts.length)]);
    if (i % 1_000 === 0) made.resize(2 + random(30), 2 + random(20));
    assert.ok(made.x >= 0 && made.x < made.cols && made.y >= 0 && made.y < made.rows.length);
  }
  assert.ok(performance.now() - begun < 10_000);
});
