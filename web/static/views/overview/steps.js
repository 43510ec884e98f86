// The first steps on an engine with nothing of its own: build, run, watch,
// deploy. Each can be done here or in a terminal, and is marked when it is done.

import { get } from '../../lib/api.js';
import { curl, request } from '../../lib/commands.js';
import { el, say } from '../../lib/dom.js';
import { command, links } from './empty.js';

/** @typedef {import('../../app.js').App} App */
/** @typedef {import('../containers/words.js').Container} Container */

const NAME = 'hello';
const DOCKERFILE = `FROM nginx:alpine\nRUN echo "Hello from $(hostname)" > /usr/share/nginx/html/index.html\n`;
const FEW = 1; // containers up to which an engine counts as new

class HubFirstSteps extends HTMLElement {
  /** @type {HTMLElement[]} */ #steps = [];
  #watch = el('div');
  #watched = '';
  /** @type {App} */ #app = /** @type {any} */ (undefined);

  /** @param {App} app */
  start(app) {
    this.#app = app;
    this.hidden = true;
    const { base } = app;
    const site = { repo_url: 'https://github.com/you/site', dockerhub_repo: 'you/site', host_port: 8081 };
    this.#steps = [
      step('Build an image', 'from a Dockerfile of two lines, and see each of its steps as it happens.',
        links(app, [['ui/images?build=1', 'Build an image'], ['ui/images?pull=1', 'Pull one instead']]),
        command(request(base, 'POST', 'docker/build/start', { dockerfile_content: DOCKERFILE, app_id: NAME }))),
      step('Run it', 'as a container, with a port of this host.',
        links(app, [[`ui/containers?run=${encodeURIComponent(`${NAME}:latest`)}`, 'Run a container']]),
        command(request(base, 'POST', 'docker/run', { image: `${NAME}:latest`, name: NAME, ports: { '80/tcp': 8080 } }))),
      step('Watch it', 'live: what it writes, also over its restarts, here and in any terminal.', this.#watch),
      step('Deploy a site', 'from its repository: cloned, built, pushed, run and asked until it answers; the old one serves until then.',
        links(app, [['ui/deploy', 'Deploy a site']]), command(request(base, 'POST', 'pipeline/html-site/start', site))),
    ];
    this.#follow('');
    this.replaceChildren(
      el('div', { class: 'bar' }, el('h2', {}, 'First steps'), el('span', { class: 'grow' }),
        el('button', { type: 'button', class: 'quiet', onclick: () => this.#dismiss() }, 'Hide these')),
      el('ol', {}, ...this.#steps));
  }

  /**
   * @param {Container[]} containers
   * @returns {Promise<boolean>} whether they are shown
   */
  async show(containers) {
    if (this.#app.settings.get('firstSteps') === false || containers.length > FEW) {
      this.hidden = true;
      return false;
    }
    const [images, runs] = await Promise.all([get('docker/images'), get('pipeline', { limit: 1 })]);
    const running = containers.find(({ status }) => status === 'running');
    const done = [images.some((/** @type {{tags: string[]}} */ { tags }) => tags.length > 0), containers.length > 0, false, runs.total > 0];
    this.#steps.forEach((item, i) => {
      item.dataset.state = done[i] ? 'done' : '';
      say(/** @type {HTMLElement} */ (item.querySelector('.done')), done[i] ? '✓ done' : '');
    });
    this.#follow(running?.name ?? '');
    this.hidden = false;
    return true;
  }

  /** Names the container to watch: one that is there, if there is one. @param {string} running */
  #follow(running) {
    const name = running || NAME;
    if (name === this.#watched) return;
    this.#watched = name;
    this.#watch.replaceChildren(
      links(this.#app, [[`ui/containers/${encodeURIComponent(name)}/log`, `The log of ${name}`]]),
      command(curl(this.#app.base, [`containers/${name}/logs`])));
  }

  #dismiss() {
    this.#app.settings.set('firstSteps', false);
    this.hidden = true;
    this.dispatchEvent(new CustomEvent('dismissed'));
  }
}

/** @param {string} title @param {string} text @param {Node[]} rest */
const step = (title, text, ...rest) => el('li', {},
  el('h3', {}, title, ' ', el('span', { class: 'done' })), el('p', { class: 'soft' }, text), ...rest);

customElements.define('hub-first-steps', HubFirstSteps);
export { HubFirstSteps };
