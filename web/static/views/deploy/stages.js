// A run's stages as a row of small bars, as wide as they took long.

import { el, say } from '../../lib/dom.js';
import { duration } from '../../lib/format.js';
import { keyed } from '../../ui/keyed.js';
import { took } from './run.js';

/** @typedef {import('./run.js').Stage} Stage */

const SIGNS = { waiting: '', running: '●', completed: '✓', error: '✗', skipped: '–' };
const WORDS = { waiting: 'waits', running: 'running', completed: '', error: 'failed', skipped: 'not run' };

export const stageList = () => el('ol', { class: 'stages', 'aria-label': 'Stages' });

/** @param {HTMLElement} list of stageList @param {Stage[]} stages @param {number} now ms */
export function showStages(list, stages, now) {
  const longest = Math.max(1, ...stages.map((stage) => took(stage, now) ?? 0));
  keyed(list, stages, ({ stage }) => stage, make, (item, stage) => {
    const time = took(stage, now);
    const [sign, name, rest] = /** @type {any} */ (item.lastElementChild).children;
    item.dataset.status = stage.reused ? 'reused' : stage.status;
    item.style.setProperty('--share', `${Math.sqrt((stage.reused ? 0 : time ?? 0) / longest)}`);
    say(sign, stage.reused ? '↺' : SIGNS[stage.status]);
    say(name, stage.stage);
    say(rest, stage.reused ? 'reused' : [WORDS[stage.status], time !== undefined && duration(time)].filter(Boolean).join(' '));
    item.title = stage.error ?? '';
  });
}

const make = () => el('li', {}, el('div', { class: 'strip', 'aria-hidden': 'true' }),
  el('div', { class: 'words' }, el('span', { class: 'sign', 'aria-hidden': 'true' }), el('span', { class: 'name' }), el('span', { class: 'time' })));
