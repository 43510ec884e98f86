// Running a pipeline again from a stage of the reader's choice, who sees before
// what is run again and what is not.

import { el, say } from '../../lib/dom.js';
import { dialog } from '../../ui/dialog.js';
import { form } from '../../ui/form.js';
import { beginnings, kept } from './run.js';

/** @param {import('./run.js').Run} run @param {import('./card.js').Context} context */
export function retryDialog(run, context) {
  const names = run.stages.map(({ stage }) => stage);
  const from = beginnings(run);
  const plan = el('p', { class: 'soft', role: 'status' });
  const tell = (/** @type {string} */ stage) => {
    const at = names.indexOf(stage);
    const before = names.slice(0, at);
    say(plan, `${before.length ? `Not run again: ${before.join(', ')}. ` : ''}Run again: ${names.slice(at).join(', ')}.`);
  };
  const box = form({
    label: `Retry ${run.site}`,
    submit: 'Retry',
    fields: [{
      name: 'from', label: 'From', type: 'select', options: from, value: run.retry_from ?? from[0],
      hint: 'With the settings and credentials of that run. What earlier stages have made is used as it is.',
    }],
    request: ({ from: stage }) => ({ path: `/pipeline/${encodeURIComponent(run.task_id)}/retry`, body: { from: stage } }),
    done(answer) {
      opened.close();
      context.started(answer.task_id);
    },
  });
  const select = /** @type {HTMLSelectElement} */ (box.querySelector('select'));
  select.addEventListener('change', () => tell(select.value));
  tell(select.value);
  const opened = dialog(`Retry ${run.site}`, el('p', { class: 'soft' }, kept(run, context.now)), plan, box);
}
