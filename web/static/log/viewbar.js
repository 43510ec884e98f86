// How a log is shown: times, wrapping, whether it follows, the whole window,
// and whether the desktop tells of its end. What is chosen here is remembered.

import { el } from '../lib/dom.js';
import * as settings from '../ui/settings.js';
import { toast } from '../ui/toast.js';
import { choice, press, toggle } from './controls.js';
import * as notify from './notify.js';

/** @typedef {'off' | 'local' | 'utc' | 'relative'} Timestamps */

const TIMES = /** @type {[Timestamps, string][]} */ ([['off', 'no times'], ['local', 'local'], ['utc', 'UTC'], ['relative', 'ago']]);

export class ViewBar {
  #times = choice('Times (t)', TIMES, (value) => settings.set('timestamps', value));
  #wrap = toggle('wrap', 'Wrap long lines (w)', (on) => settings.set('wrap', on));
  #follow = toggle('follow', 'Follow what comes (f)', (on) => this.onfollow(on));
  #notify = toggle('notify', 'Tell me on the desktop when it ends', (on) => this.#wish(on));
  #full = toggle('full', 'Use the whole window', (on) => this.onfull(on));
  /** @type {(() => void)[]} */ #ends = [];

  /** @type {(on: boolean) => void} */ onfollow = () => {};
  /** @type {(on: boolean) => void} */ onfull = () => {};

  constructor() {
    this.element = el('div', { class: 'looks', role: 'group', 'aria-label': 'View' }, this.#times, this.#wrap, this.#follow, this.#notify, this.#full);
    this.#notify.hidden = !notify.possible();
  }

  /**
   * Shows what is remembered, now and when it changes.
   * @param {{timestamps: (value: Timestamps) => void, wrap: (value: boolean) => void}} on
   */
  start(on) {
    this.#ends = [
      settings.onchange('timestamps', (value) => {
        this.#times.value = value;
        on.timestamps(value);
      }),
      settings.onchange('wrap', (value) => {
        press(this.#wrap, value);
        on.wrap(value);
      }),
      settings.onchange('notify', (value) => press(this.#notify, value && notify.allowed())),
    ];
  }

  stop() {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /** @param {boolean} on */
  set following(on) {
    press(this.#follow, on);
  }

  /** @param {boolean} on */
  set full(on) {
    press(this.#full, on);
  }

  /** The next kind of times. */
  turnTimes() {
    const at = TIMES.findIndex(([value]) => value === settings.get('timestamps'));
    settings.set('timestamps', TIMES[(at + 1) % TIMES.length][0]);
  }

  turnWrap() {
    settings.set('wrap', !settings.get('wrap'));
  }

  /** @param {boolean} on */
  async #wish(on) {
    const may = on && await notify.ask();
    settings.set('notify', may);
    if (on && !may) toast('This browser does not let the page notify: allow it in the settings of this site.');
  }
}
