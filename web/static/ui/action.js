// A button that does something in the hub: it asks first where that destroys
// something, cannot be pressed twice, and says what went wrong.

import { el } from '../lib/dom.js';
import { confirm } from './dialog.js';
import { problem } from './problem.js';
import { toast } from './toast.js';

/**
 * @param {string} label
 * @param {() => unknown | Promise<unknown>} run
 * @param {{confirm?: Parameters<typeof confirm>[0] | (() => Parameters<typeof confirm>[0]), class?: string, title?: string, name?: string}} [options] `name`: what a screen reader says instead of the label
 */
export function action(label, run, options = {}) {
  const button = el('button', { type: 'button', class: options.class, title: options.title, 'aria-label': options.name }, label);
  button.addEventListener('click', async () => {
    const question = typeof options.confirm === 'function' ? options.confirm() : options.confirm;
    if (question && !(await confirm(question))) return;
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    try {
      await run();
    } catch (error) {
      toast(problem(error));
    } finally {
      button.disabled = false;
      button.removeAttribute('aria-busy');
    }
  });
  return button;
}
