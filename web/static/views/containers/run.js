// The form that runs a container. Where its image is missing, the image is
// pulled first, in sight.

import { begin, get, post } from '../../lib/api.js';
import { announce, el, say } from '../../lib/dom.js';
import { action } from '../../ui/action.js';
import { form } from '../../ui/form.js';
import { bodyOf, missing } from './runspec.js';

/** @typedef {import('../../app.js').App} App */

const FIELDS = /** @type {import('../../ui/form.js').Field[]} */ ([
  { name: 'image', label: 'Image', required: true, placeholder: 'nginx:alpine', hint: 'pulled first where it is not there' },
  { name: 'name', label: 'Name', placeholder: 'web', hint: 'made up where none is given' },
  { name: 'restart', label: 'Restart', type: 'select', options: [['no', 'never'], ['on-failure', 'when it fails'], ['unless-stopped', 'unless it was stopped'], ['always', 'always']] },
  { name: 'command', label: 'Command', placeholder: 'the image’s own', wide: true, hint: 'split as a shell splits words; no shell sees it' },
  { name: 'ports', label: 'Ports', type: 'textarea', rows: 2, placeholder: '8080:80', hint: 'one a line: of the host, then of the container; 80 alone for any of the host’s' },
  { name: 'env', label: 'Environment', type: 'textarea', rows: 2, placeholder: 'MODE=live', hint: 'NAME=value, one a line' },
]);

class HubContainerRun extends HTMLElement {
  /** @type {App} */ #app = /** @type {any} */ (undefined);
  /** @type {string | null} */ #image = null;
  /** @type {(() => void) | undefined} */ #stop;
  #progress = el('div', { class: 'pulling', hidden: true });
  /** @type {() => void} */ #changed = () => {};

  /**
   * @param {App} app
   * @param {string | null} image to begin with; null: the form is not wanted
   * @param {() => void} changed called when there is a new container
   */
  show(app, image, changed) {
    this.#app = app;
    this.#changed = changed;
    this.hidden = image === null;
    if (image === this.#image) return;
    this.#image = image;
    if (image === null) return this.replaceChildren();
    const box = form({
      label: 'Run a container',
      fields: FIELDS.map((field) => (field.name === 'image' ? { ...field, value: image } : field)),
      submit: 'Run',
      request: (values) => ({ path: 'docker/run', body: bodyOf(values) }),
      send: async ({ body }) => {
        await this.#fetch(/** @type {{image: string}} */ (body).image);
        return post('docker/run', body);
      },
      done: ({ name }) => {
        announce(`${name} runs`);
        this.#changed();
        app.go(`${app.root}ui/containers/${encodeURIComponent(name)}/log`);
      },
    });
    box.querySelector('.trouble')?.before(this.#progress);
    this.replaceChildren(el('h2', {}, 'Run a container'), box);
    /** @type {HTMLElement | null} */ (box.querySelector(image ? '[name=name]' : '[name=image]'))?.focus();
  }

  leave() {
    this.#stop?.();
  }

  /** Pulls an image that is not there. @param {string} image */
  async #fetch(image) {
    const images = await get('docker/images');
    if (!missing(image, images.flatMap((/** @type {{tags: string[]}} */ { tags }) => tags))) return;
    const id = await begin('docker/pull', { name: image });
    const words = el('span', { class: 'nums' }, `Pulling ${image} …`);
    const bar = el('progress', { max: 100, 'aria-label': `Pull of ${image}` });
    this.#progress.replaceChildren(words, bar,
      el('a', { href: `${this.#app.root}ui/tasks/${id}` }, 'as a task'), action('Cancel the pull', () => post(`tasks/${id}/cancel`)));
    this.#progress.hidden = false;
    try {
      await this.#end(id, (percent) => {
        bar.value = percent;
        say(words, `Pulling ${image}: ${Math.floor(percent)} %`);
      });
    } finally {
      this.#progress.hidden = true;
    }
  }

  /**
   * Waits for a task's end; one that is not good is an error.
   * @param {string} id
   * @param {(percent: number) => void} each
   */
  #end(id, each) {
    return new Promise((resolve, reject) => {
      const task = this.#app.follow(`tasks/${id}`, {
        since: 'all', types: ['progress'],
        onEvent: ({ data }) => {
          if (typeof data?.percent === 'number') each(data.percent);
        },
        onEnd: ({ data }) => {
          task.close();
          if (data.status === 'completed') resolve(undefined);
          else reject(new Error(data.status === 'cancelled' ? 'the pull was cancelled; nothing was run' : `the image cannot be pulled: ${data.error ?? data.status}`));
        },
        onError: (detail) => reject(new Error(detail)),
      });
      this.#stop = () => task.close();
    });
  }
}

customElements.define('hub-container-run', HubContainerRun);
export { HubContainerRun };
