// Figures and times as people read them.

const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const number = new Intl.NumberFormat('en');

/** 20:11:47.123 in the reader's time zone, or "" for no date. @param {string | undefined} iso */
export function clock(iso) {
  const date = new Date(iso ?? NaN);
  if (Number.isNaN(date.getTime())) return '';
  const two = (/** @type {number} */ n) => (n < 10 ? `0${n}` : n);
  const ms = `${date.getMilliseconds()}`.padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`;
}

/** Monday, 23 November 2026, or "" for no date. @param {string | undefined} iso */
export function calendar(iso) {
  const date = new Date(iso ?? NaN);
  return Number.isNaN(date.getTime()) ? '' : day.format(date);
}

/** 12,345 @param {number} n */
export const count = (n) => number.format(n);

/** "1 event", "2 events". @param {number} n @param {string} word */
export const counted = (n, word) => `${count(n)} ${word}${n === 1 ? '' : 's'}`;

/** 3.4 GB, powers of 1024 as the tools around do. @param {number} n */
export function bytes(n) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  for (; n >= 1023.5 && unit < units.length - 1; unit++) n /= 1024;
  return `${unit && n < 9.95 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

/** 0.4 s, 12 s, 3 min, 2 h @param {number} ms */
export function duration(ms) {
  const s = ms / 1000;
  if (s < 9.95) return `${s.toFixed(1)} s`;
  if (s < 59.5) return `${Math.round(s)} s`;
  if (s < 3570) return `${Math.round(s / 60)} min`;
  return `${Math.round(s / 3600)} h`;
}

/** A word for a shell, quoted only where it must be. @param {string} word */
export const shellWord = (word) =>
  (/^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
