import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filter } from '../../static/log/filter.js';
import { pattern } from '../../static/log/pattern.js';

const row = (more) => ({ text: '', tone: 'line', mark: '', time: NaN, n: 0, topic: 'a', stream: '', level: '', id: 0, key: 0, ...more });
const passes = (asked, more) => filter(asked)?.test(row(more));

test('nothing asked is no filter', () => {
  assert.equal(filter({}), null);
  assert.equal(filter({ text: '', level: '', streams: [], topics: [] }), null);
});

const texts = /** @type {[string, boolean, string, boolean][]} asked, regex, line, found */ ([
  ['error', false, 'an ERROR here', true],
  ['Error', false, 'an ERROR here', false],
  ['Error', false, 'an Error here', true],
  ['a.c', false, 'abc', false],
  ['a.c', false, 'A.C', true],
  ['[x] (y)', false, 'say [X] (Y)', true],
  ['über', false, 'ÜBER', true],
  ['漢', false, 'x漢y', true],
  ['red', false, 'r\x1b[31med', true],
  ['^a.c$', true, 'ABC', true],
  ['A\\d+', true, 'a12', false],
  ['\\D\\W\\S', true, 'a-b', true],
  ['^$', true, '', true],
  ['\\bGET\\b.*5\\d\\d', true, '"GET / HTTP/1.1" 502', true],
]);
for (const [text, regex, line, found] of texts) {
  test(`${regex ? `/${text}/` : text} in ${JSON.stringify(line)}`, () => {
    assert.equal(passes({ text, regex }, { text: line }), found);
    assert.equal(pattern({ text, regex }).hits(line.replace('\x1b[31m', '')).length > 0, found && text !== '^$');
  });
}

test('streams: one that is not told is taken for stdout, and events are of none', () => {
  assert.deepEqual(['', 'stdout', 'stderr'].map((stream) => passes({ streams: ['stdout'] }, { stream })), [true, true, false]);
  assert.deepEqual(['', 'stdout', 'stderr'].map((stream) => passes({ streams: ['stderr'] }, { stream })), [false, false, true]);
  assert.equal(passes({ streams: ['stdout'] }, { tone: 'event', mark: 'stage' }), false);
});

test('levels: the lowest asked for and up; gaps and failures are as grave as they look', () => {
  const level = (asked) => ['', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'].filter((each) => passes({ level: asked }, { level: each }));
  assert.deepEqual(level('warn'), ['warn', 'error', 'fatal']);
  assert.deepEqual(level('trace'), ['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
  assert.equal(passes({ level: 'warn' }, { tone: 'warn', mark: 'gap' }), true);
  assert.equal(passes({ level: 'error' }, { tone: 'warn', mark: 'gap' }), false);
  assert.equal(passes({ level: 'error' }, { tone: 'bad', mark: 'end' }), true);
  assert.equal(filter({ level: 'nonsense' }), null);
});

test('topics, and all together', () => {
  assert.deepEqual(['a', 'b', 'c'].map((topic) => passes({ topics: ['a', 'c'] }, { topic })), [true, false, true]);
  const asked = { text: 'x', level: 'warn', streams: ['stderr'], topics: ['a'] };
  const all = { text: 'x', level: 'error', stream: 'stderr', topic: 'a' };
  assert.equal(passes(asked, all), true);
  for (const less of [{ text: 'y' }, { level: 'info' }, { stream: 'stdout' }, { topic: 'b' }]) assert.equal(passes(asked, { ...all, ...less }), false);
});

test('a regular expression that is none says what is wrong and lets nothing through', () => {
  for (const [text, reason] of [['(', /unterminated group/i], ['a{2,1}', /numbers out of order/i], ['[b-a]', /out of order/i], ['*', /nothing to repeat/i], ['\\', /\\ at end/i]]) {
    const asked = filter({ text, regex: true });
    assert.match(asked?.error ?? '', reason, text);
    assert.doesNotMatch(asked?.error ?? '', /Invalid regular/, text);
    assert.equal(asked?.test(row({ text })), false);
  }
});

test('what could repeat without end is not begun', () => {
  for (const text of ['(a+)+$', '(a*)*', '(?:\\d+,?)+;', '((ab)*c)*', '(a|aa)+$', '(.|\\s)*x', '(a+){2,}', '(a+){50}', '([^"]+|x){1,}']) {
    assert.match(filter({ text, regex: true })?.error ?? '', /repeats what itself repeats/, text);
  }
  for (const text of ['(\\d+\\.){3}\\d+', '(ab)+', 'a+b+', '(error|warn): .*', '[(+*|]+', '\\(a+\\)+', '(a+)(b)+', 'x{2,5}', '(?:GET|POST) /\\w+', 'a)+']) {
    assert.doesNotMatch(filter({ text, regex: true })?.error ?? '', /repeats what itself repeats/, text);
  }
});

test('no pattern that is begun takes long on a long line', () => {
  const lines = ['a'.repeat(1 << 20), `${'ab '.repeat(300_000)}!`, ' '.repeat(1 << 20)];
  for (const text of ['a*$b', '\\s+$', '.*x', '(ab )+!$', '\\w+\\s', 'a.*b.*q', '^(.*),', 'x']) {
    for (const regex of [true, false]) {
      const cpu = process.cpuUsage();
      for (const line of lines) {
        const { test: found, hits } = pattern({ text, regex });
        found(line);
        hits(line);
      }
      assert.ok(process.cpuUsage(cpu).user < 4_000_000, `${text} took ${process.cpuUsage(cpu).user / 1_000} ms`);
    }
  }
});

test('hits of one line are bounded, and empty ones are none', () => {
  assert.equal(pattern({ text: 'a' }).hits('a'.repeat(5_000)).length, 1_000);
  assert.deepEqual(pattern({ text: 'x*', regex: true }).hits('axxb'), [[1, 3]]);
});
