// What is on its way, from the progress events of a pull, a push or a build:
// how far it is, how fast, and how long it takes still. Times are the events'.

const WINDOW = 10; // s over which speed is averaged
const FIRST = 3_000; // ms for which no time left is told: it would be a guess

/** @typedef {{id: string, status: string, current: number, total: number}} Layer */

/** An average over about the last WINDOW seconds, of which the latest count most. */
class Speed {
  #last = NaN;
  #amount = 0;
  #seconds = 0;

  /** @param {number} amount that came since the last call @param {number} now ms */
  add(amount, now) {
    const passed = Math.max(0, now - this.#last || 0) / 1000;
    const faded = Math.exp(-passed / WINDOW);
    this.#amount = this.#amount * faded + Math.max(0, amount);
    this.#seconds = this.#seconds * faded + passed;
    this.#last = now;
  }

  /** For each second; it falls while nothing comes. @param {number} now */
  at(now) {
    const passed = Math.max(0, now - this.#last || 0) / 1000;
    const faded = Math.exp(-passed / WINDOW);
    const seconds = this.#seconds * faded + passed;
    return seconds > 0 ? (this.#amount * faded) / seconds : 0;
  }
}

export class Transfer {
  percent = 0;
  current = 0; // bytes
  total = 0; // bytes, as far as it is known by now
  /** @type {Map<string, Layer>} */ layers = new Map();
  #began = NaN;
  #bytes = new Speed();
  #percents = new Speed();
  steps;

  /** @param {{steps?: boolean}} [options] steps: percent counts steps of any length, so that only bytes tell the time left */
  constructor({ steps = false } = {}) {
    this.steps = steps;
  }

  /**
   * @param {{percent?: number, stage_percent?: number, current?: number, total?: number, layers?: Layer[]}} data of a progress event
   * @param {number} time ms
   */
  take(data, time) {
    const first = Number.isNaN(this.#began);
    if (first) this.#began = time;
    const percent = Math.max(this.percent, number(data.stage_percent ?? data.percent));
    const current = number(data.current);
    // What was there at the first word came before it, at nobody knows which speed.
    this.#bytes.add(first ? 0 : current - this.current, time);
    this.#percents.add(first ? 0 : percent - this.percent, time);
    this.percent = Math.min(100, percent);
    this.total = Math.max(this.total, number(data.total));
    this.current = Math.min(Math.max(this.current, current), this.total);
    for (const layer of Array.isArray(data.layers) ? data.layers : []) {
      this.layers.set(`${layer.id}`, { id: `${layer.id}`, status: `${layer.status ?? ''}`, current: number(layer.current), total: number(layer.total) });
    }
  }

  /** Whether all bytes that are known of are there. */
  get moved() {
    return this.current >= this.total;
  }

  /** Bytes a second. @param {number} now ms */
  rate(now) {
    return this.#bytes.at(now);
  }

  /** Milliseconds until it is done, undefined where nobody can tell. @param {number} now ms */
  left(now) {
    if (!(now - this.#began >= FIRST) || this.percent >= 100) return undefined;
    const [rest, speed] = this.steps ? [this.total - this.current, this.#bytes.at(now)] : [100 - this.percent, this.#percents.at(now)];
    return rest > 0 && speed > 0 ? (rest / speed) * 1000 : undefined;
  }
}

/** @param {unknown} value */
const number = (value) => (typeof value === 'number' && value >= 0 ? value : 0);
