// What a row says: its links, its JSON, its times, its colours.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contrast, hex, onGround } from '../../static/log/colour.js';
import { isJson, unfold } from '../../static/log/json.js';
import { linked } from '../../static/log/links.js';
import { ago, dayOf, full, nextTick, stamp, valid } from '../../static/log/stamp.js';

const addresses = (text) => linked(text).filter(({ href }) => href).map(({ href }) => href);

test('addresses of the web are links, without the sentence round them', () => {
  const cases = /** @type {[string, string[]][]} */ ([
    ['no address', []],
    ['see https://example.com/a?b=c#d.', ['https://example.com/a?b=c#d']],
    ['(http://x.org/y), "https://z.org"', ['http://x.org/y', 'https://z.org']],
    ['https://en.wikipedia.org/wiki/Log_(x)', ['https://en.wikipedia.org/wiki/Log_(x)']],
    ['javascript:alert(1) data:text/html,x ftp://x.org file:///etc', []],
    ['https://', []],
    ['xhttps://user@host:8080/…', ['https://user@host:8080/…']],
    ['http://[::1]:80/', ['http://[::1]:80/']],
    ['https://a.org/<b>', ['https://a.org/']],
  ]);
  for (const [text, wanted] of cases) {
    assert.deepEqual(addresses(text), wanted, text);
    assert.equal(linked(text).map((part) => part.text).join(''), text);
  }
});

test('hostile addresses cost no more than their length', () => {
  const start = performance.now();
  for (const text of [`https://${'.'.repeat(262_144)}a`, `http://a/${')'.repeat(262_144)}`, 'http://'.repeat(40_000)]) linked(text);
  assert.ok(performance.now() - start < 500);
});

test('a whole line of JSON unfolds, everything else does not', () => {
  assert.deepEqual(['{"a":1}', ' [1,2] ', '{"a":{"b":[]}}'].map(isJson), [true, true, true]);
  assert.deepEqual(['{}x', '{a:1}', '{}', '[]', '[info] x]', 'a=1', '"text"', '', '12'].map(isJson), new Array(9).fill(false));
  assert.equal(unfold('{"a":[1,"<b>"]}'), '{\n  "a": [\n    1,\n    "<b>"\n  ]\n}');
  assert.equal(unfold('{x}'), 'this is not JSON after all');
  assert.ok(unfold(JSON.stringify({ a: 'x'.repeat(1_000_000) })).length < 300_000);
});

test('times are told as asked for', () => {
  const time = Date.UTC(2026, 10, 24, 20, 11, 47, 123);
  assert.equal(stamp(time, 'off', time), '');
  assert.equal(stamp(time, 'utc', time), '20:11:47.123Z');
  assert.match(stamp(time, 'local', time), /^\d\d:\d\d:47\.123$/);
  assert.equal(stamp(time, 'relative', time + 61_000), '1 min ago');
  assert.equal(stamp(NaN, 'utc', time), '');
  assert.deepEqual([-5_000, 0, 999, 12_345, 3_600_000, 90_000_000].map(ago), ['just now', 'just now', 'just now', '12 s ago', '1 h ago', '1 d ago']);
  assert.deepEqual([valid(NaN), valid(1e20), valid(0)], [false, false, true]);
  assert.ok(nextTick(1_000) < nextTick(3_600_000));
});

test('the full time has the reader\'s offset, and names the same moment', () => {
  const time = Date.UTC(2026, 10, 24, 20, 11, 47, 123);
  assert.match(full(time), /^2026-11-2\dT\d\d:\d\d:47\.123[+-]\d\d:\d\d$/);
  assert.equal(Date.parse(full(time)), time);
});

test('a day is another one at midnight, of the reader or of UTC', () => {
  const evening = new Date(2026, 10, 24, 23, 59).getTime();
  const night = new Date(2026, 10, 25, 0, 1).getTime();
  assert.notEqual(dayOf(evening, 'local'), dayOf(night, 'local'));
  assert.equal(dayOf(Date.UTC(2026, 10, 24, 0, 0), 'utc'), dayOf(Date.UTC(2026, 10, 24, 23, 59), 'utc'));
});

test('text on a ground that the log sets can be read', () => {
  const colours = [...Array(16).keys(), '#000000', '#ffffff', '#ffff00', '#00005f', '#808080'];
  for (const bg of colours) {
    for (const fg of [undefined, ...colours]) assert.ok(contrast(onGround(fg, bg), hex(bg)) >= 4.5, `${fg} on ${bg}`);
  }
  assert.equal(onGround('#ffff00', '#000000'), '#ffff00');
});

test('the sixteen colours can be read on both themes', () => {
  const read = (name) => readFileSync(new URL(`../../static/css/${name}`, import.meta.url), 'utf8');
  const pair = (css, name) => new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css)?.slice(1) ?? assert.fail(`no ${name}`);
  const grounds = ['ground', 'chosen', 'hover'].map((name) => pair(read('base.css'), name));
  for (let n = 0; n < 16; n++) {
    pair(read('log.css'), `c${n}`).forEach((colour, theme) => {
      for (const ground of grounds) assert.ok(contrast(colour, ground[theme]) >= 4.5, `colour ${n}, ${colour} on ${ground[theme]}: ${contrast(colour, ground[theme])}`);
    });
  }
});
