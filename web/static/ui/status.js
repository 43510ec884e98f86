// The tab's title and icon: what is watched, and how it stands.

import { assets } from '../lib/base.js';

/** @typedef {'running' | 'good' | 'bad' | undefined} Standing */

const SIGNS = { running: '● ', good: '✓ ', bad: '✗ ' };
const ICONS = { running: 'favicon-running.svg', good: 'favicon-good.svg', bad: 'favicon-bad.svg' };

/**
 * @param {string} text what is shown; the hub's name follows
 * @param {Standing} [standing]
 */
export function title(text, standing) {
  const words = `${standing ? SIGNS[standing] : ''}${text ? `${text} · hub` : 'hub'}`;
  if (document.title !== words) document.title = words;
  const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel=icon]'));
  const file = assets + (standing ? ICONS[standing] : 'favicon.svg');
  if (icon && icon.href !== file) icon.href = file;
}
