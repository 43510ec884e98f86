// Figures over time, made ready for a chart: rates of counters, holes, a scale
// with round numbers, and the whole in one sentence. No document here.

/** @typedef {{time: number, value: number}} Point time in ms; a value that is not known is NaN */
/** @typedef {{name: string, points: Point[]}} Line oldest point first */

const HOLE = 5_000; // ms without a figure that are drawn as a hole

/**
 * @template {{time: number}} T
 * @param {readonly T[]} samples
 * @param {(sample: T) => unknown} valueOf
 * @returns {Point[]}
 */
export const points = (samples, valueOf) => samples.map((sample) => ({ time: sample.time, value: figure(valueOf(sample)) }));

/**
 * What a counter rose by, a second. Where it fell it has begun anew, and where
 * nobody looked for a while the rise is nobody's: neither is known.
 * @template {{time: number}} T
 * @param {readonly T[]} samples
 * @param {(sample: T) => unknown} counterOf
 * @returns {Point[]}
 */
export function rates(samples, counterOf) {
  return samples.slice(1).map((sample, i) => {
    const past = sample.time - samples[i].time;
    const rise = figure(counterOf(sample)) - figure(counterOf(samples[i]));
    return { time: sample.time, value: past > 0 && past <= HOLE && rise >= 0 ? rise / past * 1000 : NaN };
  });
}

/** @param {unknown} value */
const figure = (value) => (typeof value === 'number' ? value : NaN);

/**
 * The stretches that a line is drawn in, without the holes.
 * @param {Point[]} line
 * @returns {Point[][]}
 */
export function stretches(line) {
  /** @type {Point[][]} */ const found = [];
  let before = -Infinity;
  for (const point of line) {
    if (Number.isNaN(point.value)) {
      before = -Infinity;
      continue;
    }
    if (point.time - before > HOLE) found.push([]);
    found[found.length - 1].push(point);
    before = point.time;
  }
  return found;
}

/**
 * A round number that no value is above: 1, 2 or 5 times a power of ten, and for
 * bytes a power of two, as they are written.
 * @param {Line[]} lines
 * @param {{least?: number, binary?: boolean}} [options] `least`: what the scale has at least
 */
export function ceiling(lines, { least = 1, binary = false } = {}) {
  let highest = least;
  for (const { points: all } of lines) for (const { value } of all) if (value > highest) highest = value;
  if (binary) return 2 ** Math.ceil(Math.log2(highest));
  const unit = 10 ** Math.floor(Math.log10(highest));
  const times = [1, 2, 5, 10].find((each) => each * unit >= highest * (1 - 1e-9)) ?? 10;
  return times * unit;
}

/** The newest value, NaN where there is none. @param {Line} line */
export const latest = ({ points: all }) => all[all.length - 1]?.value ?? NaN;

/** The value that was known last at a time, NaN in a hole. @param {Line} line @param {number} time */
export function at({ points: all }, time) {
  const point = all.findLast((each) => each.time <= time);
  return point && time - point.time <= HOLE ? point.value : NaN;
}

/**
 * A chart for those who do not see it.
 * @param {Line[]} lines
 * @param {(value: number) => string} format
 */
export function inWords(lines, format) {
  const each = lines.map((line) => {
    const known = line.points.map(({ value }) => value).filter((value) => !Number.isNaN(value));
    if (!known.length) return `${line.name}: nothing known yet`;
    const highest = known.reduce((a, b) => Math.max(a, b));
    const lowest = known.reduce((a, b) => Math.min(a, b));
    const now = latest(line);
    return `${line.name}: ${Number.isNaN(now) ? 'not known' : format(now)} now, from ${format(lowest)} to ${format(highest)}`;
  });
  return each.join('; ');
}
