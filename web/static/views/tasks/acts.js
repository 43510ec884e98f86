// What one can do with a task: cancel, retry, run again, and all of it as
// commands for a terminal.

import '../../components/hub-copy.js';
import { post } from '../../lib/api.js';
import { curl, request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { action } from '../../ui/action.js';
import { againButton, cancelButton, taskHref } from './row.js';
import { isPipeline } from './words.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {{retry_from?: string, retried_as?: string, retry_of?: string, kept_until?: number}} Retriable of GET /pipeline/{id} */

export class Acts {
  #app;
  #id;
  #cancel;
  #again;
  #retry;
  #commands = el('div');
  #from = '';
  buttons;
  /** A fold with the same as commands. */
  commands = el('details', { class: 'commands' }, el('summary', {}, 'As commands'), this.#commands);

  /** @param {App} app @param {string} id @param {() => string} name */
  constructor(app, id, name) {
    this.#app = app;
    this.#id = id;
    this.#cancel = cancelButton(id, name);
    this.#again = againButton(app, id, name);
    this.#retry = action('Retry', () => this.#retryFrom(this.#from), { class: 'primary' });
    this.buttons = el('span', { class: 'acts' }, this.#cancel, this.#retry, this.#again);
    for (const button of this.buttons.children) if (button instanceof HTMLElement) button.hidden = true;
  }

  /**
   * @param {string} type
   * @param {boolean} runs
   * @param {Retriable | undefined} pipeline what is known of it as a pipeline that has ended
   */
  show(type, runs, pipeline) {
    this.#cancel.hidden = !runs;
    this.#again.hidden = runs;
    this.#from = (!runs && pipeline?.retry_from) || '';
    this.#retry.hidden = !this.#from;
    say(this.#retry, `Retry from ${this.#from}`);
    const key = `${type} ${runs} ${this.#from}`;
    if (this.commands.dataset.of === key) return;
    this.commands.dataset.of = key;
    this.#list(isPipeline(type), runs);
  }

  /** A button that retries a pipeline from one of its stages. @param {string} stage */
  from(stage) {
    return action('retry from here', () => this.#retryFrom(stage), { class: 'quiet', name: `retry from here: ${stage}` });
  }

  /** @param {string} from */
  async #retryFrom(from) {
    const { task_id: next } = await post(`pipeline/${encodeURIComponent(this.#id)}/retry`, { from });
    this.#app.go(taskHref(this.#app, next));
  }

  /** @param {boolean} pipeline @param {boolean} runs */
  #list(pipeline, runs) {
    const { base } = this.#app;
    const id = encodeURIComponent(this.#id);
    /** @type {[string, string][]} */ const all = [
      ['Follow it', curl(base, [`tasks/${this.#id}`])],
      ['How it stands', request(base, 'GET', pipeline ? `pipeline/${id}` : `tasks/status/${id}`)],
    ];
    if (runs) all.push(['Cancel it', request(base, 'POST', `tasks/${id}/cancel`)]);
    if (this.#from) all.push([`Retry it from ${this.#from}`, request(base, 'POST', `pipeline/${id}/retry`, { from: this.#from })]);
    if (!runs) all.push(['Run it again', request(base, 'POST', `tasks/${id}/rerun`)]);
    this.#commands.replaceChildren(...all.flatMap(([what, command]) => {
      const copy = /** @type {import('../../components/hub-copy.js').HubCopy} */ (el('hub-copy', { shown: true }));
      copy.command = command;
      return [el('p', { class: 'soft' }, what), copy];
    }));
  }
}
