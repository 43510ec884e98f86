import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spans, visible } from '../../static/log/ansi.js';
import { plain } from '../../static/lib/plain.js';

/** Pieces as text, style and link in few letters. */
const pieces = (text) => spans(text).map((span) => [span.text, ...(span.style ? [span.style] : []), ...(span.href ? [span.href] : [])]);
const ESC = '\x1b';
const styled = (codes) => spans(`${ESC}[${codes}mx`)[0].style;

test('text without escapes is one piece, and none is none', () => {
  assert.deepEqual(pieces('a <b> ü 漢 👍\t.'), [['a <b> ü 漢 👍\t.']]);
  assert.deepEqual(pieces(''), []);
});

const styles = /** @type {[string, any][]} */ ([
  ['31', { fg: 1 }],
  ['97', { fg: 15 }],
  ['44', { bg: 4 }],
  ['103', { bg: 11 }],
  ['1;2;3;4;7;9', { bold: true, dim: true, italic: true, underline: true, inverse: true, strike: true }],
  ['1;22', undefined],
  ['31;41;39;49', undefined],
  ['1;31;0', undefined],
  ['1;31;;32', { fg: 2 }],
  ['38;5;3', { fg: 3 }],
  ['38;5;208', { fg: '#ff8700' }],
  ['48;5;16', { bg: '#000000' }],
  ['38;5;244', { fg: '#808080' }],
  ['38;2;1;2;255', { fg: '#0102ff' }],
  ['38;2;1;2;3;1', { fg: '#010203', bold: true }],
  ['38:2:1:2:3', { fg: '#010203' }],
  ['38:2::1:2:3;4', { fg: '#010203', underline: true }],
  ['48:5:196', { bg: '#ff0000' }],
  ['58;5;196;1', { bold: true }], // an underline's own colour is passed over
  ['4:3', { underline: true }],
  ['4;4:0', undefined],
  ['38;5;256', undefined],
  ['38;2;1;2', undefined],
  ['38;2;1;2;999', undefined],
  ['38', undefined],
  ['99999999999999999999', undefined],
  ['8;5', undefined], // concealed and blinking text is text
]);
for (const [codes, style] of styles) test(`SGR ${codes}`, () => assert.deepEqual(styled(codes), style));

test('a style holds until it is reset', () => {
  assert.deepEqual(pieces(`a${ESC}[31mb${ESC}[1mc${ESC}[md`), [['a'], ['b', { fg: 1 }], ['c', { fg: 1, bold: true }], ['d']]);
});

test('what looks like SGR and is not changes nothing', () => {
  assert.deepEqual(pieces(`${ESC}[?25m${ESC}[>4;2ma`), [['a']]);
});

const links = /** @type {[string, any][]} */ ([
  ['https://example.com/a?b=1', 'https://example.com/a?b=1'],
  ['HTTP://EXAMPLE.com', 'http://example.com/'],
  ['javascript:alert(1)', undefined],
  [' javascript:alert(1)', undefined],
  ['data:text/html,<script>', undefined],
  ['file:///etc/passwd', undefined],
  ['//example.com', undefined],
  ['https://', undefined],
  [`https://example.com/${'x'.repeat(3_000)}`, undefined],
]);
for (const [address, href] of links) {
  test(`a link to ${JSON.stringify(address.slice(0, 40))}`, () => {
    const [link, rest] = spans(`${ESC}]8;id=1;${address}${ESC}\\click${ESC}]8;;${ESC}\\ after`);
    assert.equal(link.href, href);
    assert.equal(link.text, href ? 'click' : 'click after');
    if (href) assert.deepEqual(rest, { text: ' after' });
  });
}

test('a link that is never closed as a sequence is none', () => {
  assert.deepEqual(pieces(`before${ESC}]8;;https://example.com`), [['before']]);
});

const shown = /** @type {Record<string, [string, string]>} */ ({
  'the text after a carriage return stands over the one before': ['abc\rX', 'Xbc'],
  'a line that ends in CR LF keeps its text': ['abc\r', 'abc'],
  'erasing to the end': [`50%....\r100%${ESC}[K`, '100%'],
  'erasing the line, then returning': [`50%....${ESC}[2K\r100%`, '100%'],
  'erasing and going to the first column': [`50%....${ESC}[2K${ESC}[1G100%`, '100%'],
  'erasing up to the cursor': [`abcdef\rxy\b${ESC}[1Kz`, ' zcdef'],
  'erasing the line and going on in its column': [`ab${ESC}[2Kc`, '  c'],
  'erasing at the end does nothing': [`${ESC}[31mmatch${ESC}[m${ESC}[K rest`, 'match rest'],
  'erasing with a number there is not': [`abc\rd${ESC}[7K`, 'dbc'],
  'many states of a bar': [Array.from({ length: 50 }, (_, i) => `${i * 2} %`).join('\r'), '98 %'],
  'backspaces': ['|\b/\b-', '-'],
  'more backspaces than text': ['a\b\b\bb', 'b'],
  'a wide character is overwritten whole': ['👍x\rab', 'ab'],
  'other sequences': [`${ESC}[?25l${ESC}[5;5H${ESC}(Btext${ESC}7`, 'text'],
  'a title and the clipboard': [`${ESC}]0;evil\x07te${ESC}]52;c;ZXZpbA==\x07xt`, 'text'],
  'unfinished at the end': [`text${ESC}[31`, 'text'],
  'controls': ['a\x00b\x07c\x7f', 'a␀b␇c␡'],
  'controls in an overwritten line': ['xx\ra\x00', 'a␀'],
  'reordering': ['user\u202enimda\u2066', 'user‹202E›nimda‹2066›'],
  'eight-bit forms': ['\x9b31mred\x9d0;title\x9c!', 'red!'],
});
for (const [name, [raw, text]] of Object.entries(shown)) {
  test(`shown: ${name}`, () => assert.equal(visible(raw), text));
}

test('an overwritten line keeps the styles of what is left', () => {
  assert.deepEqual(pieces(`${ESC}[31mabc${ESC}[32m\rX`), [['X', { fg: 2 }], ['bc', { fg: 1 }]]);
});

test('the pieces joined are the visible text, whatever comes', () => {
  const alphabet = ['a', 'ü', '漢', '👍', ' ', '\t', '\r', '\b', '\x00', '\x9b', ESC, '[', ']', '8;;', 'm', 'K', 'G', '1', '2', ';', ':', '\x07', '\\', '31', 'https://x.y', '\u202e'];
  let seed = 7;
  for (let round = 0; round < 20_000; round++) {
    let text = '';
    for (let i = 0; i < 14; i++) text += alphabet[(seed = (seed * 1_103_515_245 + 12_345) % 0x80000000) % alphabet.length];
    const joined = spans(text).map((span) => span.text).join('');
    assert.equal(joined, visible(text), JSON.stringify(text));
    assert.doesNotMatch(joined, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/, JSON.stringify(text)); // eslint-disable-line no-control-regex
    if (!/[\r\bG]|[012]K/.test(text)) assert.equal(joined, plain(text), JSON.stringify(text));
  }
});

test('no text made of escapes takes long', () => {
  for (const piece of [`${ESC}[31mx`, `${ESC}]`, `${ESC}]8;;`, `${ESC}[`, `${ESC}[1;`, '\x9b', 'a\b', 'a\r', '\r', `${ESC}[2K`, `a${ESC}[1K`, '1;', `${ESC}[;`, `${ESC}]8;;https://x${ESC}\\`]) {
    const cpu = process.cpuUsage();
    spans(piece.repeat(50_000));
    visible(piece.repeat(50_000));
    const { user } = process.cpuUsage(cpu);
    assert.ok(user < 1_500_000, `${JSON.stringify(piece)} took ${user / 1_000} ms`);
  }
});

test('a line of 10 MB is read in one go', () => {
  const cpu = process.cpuUsage();
  assert.equal(spans(`${ESC}[31m${'x'.repeat(10_000_000)}`)[0].text.length, 10_000_000);
  assert.ok(process.cpuUsage(cpu).user < 2_000_000);
});
