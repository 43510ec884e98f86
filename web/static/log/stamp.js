// The time of a row, in the ways a reader may want it.

import { clock } from '../lib/format.js';

/** @typedef {'off' | 'local' | 'utc' | 'relative'} Timestamps */

const calendars = {
  local: new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  utc: new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
};
const STEPS = /** @type {[number, string][]} */ ([[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1_000, 's']]);

/** Whether it is a moment that has a date. @param {number} time */
export const valid = (time) => !Number.isNaN(new Date(time).getTime());

/** @param {number} time ms @param {Timestamps} way @param {number} now ms */
export function stamp(time, way, now) {
  if (way === 'off' || !valid(time)) return '';
  const iso = new Date(time).toISOString();
  if (way === 'utc') return `${iso.slice(11, 23)}Z`;
  return way === 'local' ? clock(iso) : ago(now - time);
}

/** 12 s ago, 3 min ago; never in the future, whatever the clocks say. @param {number} ms */
export function ago(ms) {
  const step = STEPS.find(([size]) => ms >= size);
  return step ? `${Math.floor(ms / step[0])} ${step[1]} ago` : 'just now';
}

/** In how many ms a relative time says something else. @param {number} ms */
export const nextTick = (ms) => (ms < 60_000 ? 1_000 : ms < 3_600_000 ? 15_000 : 60_000);

/** 2026-11-24T20:11:47.123+05:45 in the reader's time zone. @param {number} time ms */
export function full(time) {
  const offset = -new Date(time).getTimezoneOffset();
  const two = (/** @type {number} */ n) => `${Math.trunc(n)}`.padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
  return new Date(time + offset * 60_000).toISOString().slice(0, -1) + zone;
}

/** Which day it is, as a figure to compare. @param {number} time ms @param {Timestamps} way */
export function dayOf(time, way) {
  const date = new Date(time);
  return way === 'utc' ? Math.floor(time / 86_400_000) : (date.getFullYear() * 12 + date.getMonth()) * 31 + date.getDate();
}

/** Monday, 23 November 2026 @param {number} time ms @param {Timestamps} way */
export const dayName = (time, way) => (way === 'utc' ? `${calendars.utc.format(time)}, UTC` : calendars.local.format(time));
