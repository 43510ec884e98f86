// Light, dark, or as the machine has it.

import { say } from '../lib/dom.js';
import * as settings from './settings.js';

const NEXT = /** @type {Record<string, string>} */ ({ auto: 'light', light: 'dark', dark: 'auto' });
const SIGN = /** @type {Record<string, string>} */ ({ auto: '◐', light: '○', dark: '●' });

/** Makes a button that goes through the themes. @param {HTMLButtonElement} button */
export function themeButton(button) {
  settings.onchange('theme', (chosen) => {
    const theme = NEXT[chosen] ? chosen : 'auto';
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    say(button, SIGN[theme]);
    button.title = `Theme: ${theme}`;
    button.setAttribute('aria-label', `Theme: ${theme}. Change to ${NEXT[theme]}`);
    button.onclick = () => settings.set('theme', NEXT[theme]);
  });
}
