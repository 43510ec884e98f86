import assert from 'node:assert/strict';
import { test } from 'node:test';
import v8 from 'node:v8';
import vm from 'node:vm';
import { Column } from '../../static/log/column.js';
import { Texts } from '../../static/log/texts.js';

v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');
function heap() {
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('texts come back as they went in', () => {
  for (const strings of [[], [''], ['a'], ['漢'], ['', 'a', '', '漢', '', 'ÿ', '👍', 'b', '']]) {
    const texts = new Texts(strings);
    assert.deepEqual(strings.map((_, i) => texts.at(i)), strings);
  }
});

test('a few texts that fit no byte do not make the others wide', () => {
  const before = heap();
  const all = Array.from({ length: 100 }, (_, k) => new Texts(Array.from({ length: 500 }, (_, i) => `${k * 500 + i}`.padEnd(79, 'x') + (i % 20 ? 'x' : '漢'))));
  const each = (heap() - before) / 50_000;
  assert.ok(each < 110, `${each} bytes a text`);
  assert.equal(all[99].at(20).length, 80);
});

const columns = /** @type {[string, number[], number][]} values and their bytes */ ([
  ['nothing', [], 0],
  ['one', [7], 0],
  ['all the same', [5, 5, 5], 0],
  ['one more each time', [10, 11, 12], 0],
  ['near to each other', [1e12, 1e12 + 9, 1e12 + 254], 3],
  ['further', [0, 255, 1], 6],
  ['far', [0, 65_535, 1], 12],
  ['further than 32 bits', [0, 2 ** 40, 1], 24],
  ['some unknown', [1, NaN, 3], 3],
  ['unknown and far', [1, NaN, 2 ** 40], 24],
  ['all unknown', [NaN, NaN], 16],
]);
for (const [name, values, bytes] of columns) {
  test(`a column of numbers: ${name}`, () => {
    const column = new Column(values);
    assert.deepEqual(values.map((_, i) => column.at(i)), values);
    assert.equal(column.bytes, bytes);
  });
}
