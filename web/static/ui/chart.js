// A small chart of what happened in the last minutes: lines on a canvas, the
// newest values as text. It paints at most twice a second, and only in sight.
//
//   const cpu = chart({ label: 'CPU', format: (n) => `${n} %`, top: 100 });
//   cpu.show(() => [{ name: 'CPU', points: [{ time, value }, …] }]);   // again whenever there is more

import { el, say } from '../lib/dom.js';
import { at, ceiling, inWords, latest, stretches } from '../lib/series.js';
import * as settings from './settings.js';

/** @typedef {import('../lib/series.js').Line} Line */
/**
 * @typedef {object} Options
 * @property {string} label
 * @property {(value: number) => string} format
 * @property {number} [top] of the scale; absent: a round number that fits
 * @property {number} [least] what the scale has at least, where it fits itself
 * @property {boolean} [binary] the values are bytes
 * @property {number} [span] ms that it reaches back; ten minutes if absent
 */

const SPAN = 10 * 60_000; // ms
const PAUSE = 500; // ms between two paintings
const DASHES = [[], [4, 3]]; // the second line is told by more than its colour

export class HubChart extends HTMLElement {
  /** @type {Options} */ options = { label: '', format: String };
  /** @type {() => Line[]} */ #read = () => [];
  #canvas = el('canvas', { role: 'img', 'aria-label': 'No figures yet' });
  #values = el('span', { class: 'values' });
  #top = el('span', { class: 'top' });
  #moment = el('span', { class: 'moment' });
  /** @type {HTMLElement[]} of each line, and the painter's source of its colour */ #swatches = [];
  /** @type {HTMLElement[]} */ #figures = [];
  #seen = false;
  #painted = -Infinity;
  /** @type {number | undefined} where the pointer is, as a share of the width */ #pointed;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #away = new AbortController();

  connectedCallback() {
    const { signal } = this.#away = new AbortController();
    this.replaceChildren(
      el('div', { class: 'head' }, el('span', { class: 'label' }, this.options.label), this.#values),
      el('div', { class: 'plot' }, this.#canvas, this.#top, this.#moment));
    const sight = new IntersectionObserver((entries) => {
      this.#seen = entries[entries.length - 1].isIntersecting;
      this.#soon();
    });
    sight.observe(this);
    const size = new ResizeObserver(() => this.#now());
    size.observe(this.#canvas);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const off = settings.onchange('theme', () => requestAnimationFrame(() => this.#now()));
    signal.addEventListener('abort', () => {
      sight.disconnect();
      size.disconnect();
      off();
      clearTimeout(this.#timer);
    });
    dark.addEventListener('change', () => this.#now(), { signal });
    document.addEventListener('visibilitychange', () => this.#soon(), { signal });
    this.#canvas.addEventListener('pointermove', (event) => {
      this.#pointed = event.offsetX / this.#canvas.clientWidth;
      this.#now();
    }, { signal });
    this.#canvas.addEventListener('pointerleave', () => {
      this.#pointed = undefined;
      this.#now();
    }, { signal });
  }

  disconnectedCallback() {
    this.#away.abort();
    this.#timer = undefined;
  }

  /** @param {() => Line[]} read called when it paints, which need not be at each change */
  show(read) {
    this.#read = read;
    this.#soon();
  }

  #soon() {
    if (this.#timer || !this.#seen || document.hidden || !this.isConnected) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      requestAnimationFrame(() => this.#paint());
    }, Math.max(0, this.#painted + PAUSE - performance.now()));
  }

  /** Paints what is there already anew, because the look has changed. */
  #now() {
    if (this.#painted >= 0 && this.#seen && !document.hidden) this.#paint();
  }

  #paint() {
    this.#painted = performance.now();
    const lines = this.#read();
    this.#name(lines);
    const { format, label, span = SPAN } = this.options;
    const top = this.options.top ?? ceiling(lines, this.options);
    const end = Math.max(0, ...lines.map(({ points }) => points[points.length - 1]?.time ?? 0));
    const time = this.#pointed === undefined ? undefined : end - span * (1 - this.#pointed);
    lines.forEach((line, i) => {
      const value = time === undefined ? latest(line) : at(line, time);
      say(this.#figures[i], Number.isNaN(value) ? '–' : format(value));
    });
    say(this.#top, format(top));
    say(this.#moment, time === undefined ? '' : new Date(time).toLocaleTimeString());
    this.#canvas.setAttribute('aria-label', `${label}, the last ${Math.round(span / 60_000)} minutes. ${inWords(lines, format)}`);
    this.#draw(lines, { top, end, span, time });
  }

  /** The lines' names with their values; a single one needs no name beside the chart's. @param {Line[]} lines */
  #name(lines) {
    if (lines.length === this.#figures.length) return;
    this.#swatches = lines.map((_, i) => el('i', { class: `line${i}`, 'aria-hidden': 'true', hidden: lines.length < 2 }));
    this.#figures = lines.map(() => el('b'));
    this.#values.replaceChildren(...lines.map(({ name }, i) =>
      el('span', { class: 'key' }, this.#swatches[i], lines.length > 1 ? `${name} ` : '', this.#figures[i])));
  }

  /** @param {Line[]} lines @param {{top: number, end: number, span: number, time?: number}} scale */
  #draw(lines, { top, end, span, time }) {
    const canvas = this.#canvas;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const ratio = devicePixelRatio;
    const context = canvas.getContext('2d');
    if (!context || !width) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const x = (/** @type {number} */ at) => width - 1 - (end - at) / span * (width - 1);
    const y = (/** @type {number} */ value) => height - 1 - Math.min(value / top, 1) * (height - 3);
    const stroke = (/** @type {string} */ colour, /** @type {number} */ thick, /** @type {number[]} */ dashes, /** @type {() => void} */ path) => {
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.setLineDash(dashes);
      context.beginPath();
      path();
      context.stroke();
    };
    const grid = getComputedStyle(canvas).color;
    stroke(grid, 1, [], () => {
      for (const part of [0, 0.5, 1]) {
        context.moveTo(0, Math.round(y(part * top)) + 0.5);
        context.lineTo(width, Math.round(y(part * top)) + 0.5);
      }
      if (time === undefined) return;
      context.moveTo(x(time), 0);
      context.lineTo(x(time), height);
    });
    context.lineJoin = 'round';
    lines.forEach((line, i) => {
      const colour = getComputedStyle(this.#swatches[i]).color;
      for (const stretch of stretches(line.points)) {
        if (!i && lines.length === 1) fill(context, colour, stretch, x, y, height);
        stroke(colour, 1.5, DASHES[i % 2], () => {
          for (const { time: when, value } of stretch) context.lineTo(x(when), y(value));
          if (stretch.length === 1) context.lineTo(x(stretch[0].time) + 1, y(stretch[0].value));
        });
      }
    });
  }
}

/**
 * The area below a line, faint.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {import('../lib/series.js').Point[]} stretch
 * @param {(time: number) => number} x
 * @param {(value: number) => number} y
 * @param {number} height
 */
function fill(context, colour, stretch, x, y, height) {
  context.save();
  context.globalAlpha = 0.12;
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x(stretch[0].time), height);
  for (const { time, value } of stretch) context.lineTo(x(time), y(value));
  context.lineTo(x(stretch[stretch.length - 1].time), height);
  context.fill();
  context.restore();
}

/** @param {Options} options */
export function chart(options) {
  return Object.assign(/** @type {HubChart} */ (document.createElement('hub-chart')), { options });
}

customElements.define('hub-chart', HubChart);
