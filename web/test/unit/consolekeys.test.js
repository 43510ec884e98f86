import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, pasted } from '../../static/console/keys.js';
import { wordsOf } from '../../static/console/words.js';

const key = (name, more = {}) => ({ key: name, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more });
const ctrl = { ctrlKey: true };
const alt = { altKey: true };
const shift = { shiftKey: true };

test('keys send what programs know them by', () => {
  const cases = /** @type {[any, string][]} */ ([
    [key('Enter'), '\r'], [key('Backspace'), '\x7f'], [key('Tab'), '\t'], [key('Tab', shift), '\x1b[Z'], [key('Escape'), '\x1b'],
    [key('ArrowUp'), '\x1b[A'], [key('ArrowLeft', ctrl), '\x1b[1;5D'], [key('End', shift), '\x1b[1;2F'],
    [key('Delete'), '\x1b[3~'], [key('PageUp', alt), '\x1b[5;3~'], [key('F1'), '\x1bOP'], [key('F12'), '\x1b[24~'], [key('F2', ctrl), '\x1b[1;5Q'],
    [key('c', ctrl), '\x03'], [key('D', { ...ctrl, ...shift }), '\x04'], [key(' ', ctrl), '\0'], [key('[', ctrl), '\x1b'], [key('/', ctrl), '\x1f'],
    [key('b', alt), '\x1bb'], [key('.', alt), '\x1b.'], [key('Backspace', alt), '\x1b\x7f'], [key('Enter', alt), '\x1b\r'],
  ]);
  for (const [event, bytes] of cases) assert.equal(bytesOf(event), bytes, JSON.stringify(event));
  assert.equal(bytesOf(key('ArrowUp'), { application: true }), '\x1bOA');
  assert.equal(bytesOf(key('ArrowUp', ctrl), { application: true }), '\x1b[1;5A');
});

test('what writes is left to the text field, what is the browser’s to the browser', () => {
  for (const event of [key('a'), key('é'), key('漢'), key('Dead'), key('Process'), key('Shift'), key('@', { ...ctrl, ...alt }), key('å', alt),
    key('c', { metaKey: true }), key('Tab', ctrl), key('AudioVolumeUp'), key('Unidentified')]) {
    assert.equal(bytesOf(event), '', JSON.stringify(event));
  }
});

test('what is pasted cannot act as keys', () => {
  assert.equal(pasted('ls\r\ncd /\n', false), 'ls\rcd /\r');
  assert.equal(pasted('a\tb\x1b[201~rm\x03\x04\x00\x9b', true), '\x1b[200~a\tb[201~rm\x1b[201~');
  assert.equal(pasted('漢é', false), '漢é');
});

test('a command is taken apart into its words as a shell does', () => {
  const cases = /** @type {[string, string[]][]} */ ([
    ['', []], ['  ', []], ['bash -l', ['bash', '-l']], [`sh -c 'ls | wc -l'`, ['sh', '-c', 'ls | wc -l']],
    ['say "a \\"b\\" $c"', ['say', 'a "b" $c']], ['a\\ b c', ['a b', 'c']], [`'a\\\\b' "a\\b"`, ['a\\\\b', 'a\\b']], [`x''y ""`, ['xy', '']], [`it"'"s`, [`it's`]], ['a\nb', ['a', 'b']],
  ]);
  for (const [text, words] of cases) assert.deepEqual(wordsOf(text), words, text);
  for (const text of [`'open`, '"open', 'end\\']) assert.throws(() => wordsOf(text), /quote|backslash/i, text);
});
