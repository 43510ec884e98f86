// Keeps what is shown of containers true: reads it again when the engine says
// that one has changed, when the connection is back, and, while the engine is
// away, every few seconds.

const CHANGES = new Set(['create', 'start', 'restart', 'die', 'stop', 'pause', 'unpause', 'rename', 'update', 'destroy', 'oom', 'health_status']);
const WAIT = 150; // ms in which changes count as one
const AGAIN = 4_000; // ms after which what failed is tried again
const AGES = 60_000; // ms after which "Up 5 minutes" is not true any more

export class Watch {
  #read;
  #subscription;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #at = 0;
  #running = false;
  #due = false;
  #closed = false;

  /**
   * @param {import('../../app.js').App} app
   * @param {() => Promise<boolean>} read reads and shows; false: it could not
   * @param {(id: string, name: string) => boolean} [concerns] whether a container's change matters; absent: every one's
   */
  constructor(app, read, concerns = () => true) {
    this.#read = read;
    this.#subscription = app.follow('docker/events', {
      types: ['container', 'status'],
      onEvent: ({ type, data }) => {
        if (type === 'status' || CHANGES.has(`${data?.action}`.split(':')[0]) && concerns(`${data.id}`, `${data.name}`)) this.soon();
      },
      onGap: () => this.soon(),
      onState: ({ name }) => {
        if (name === 'live') this.soon(); // for what happened meanwhile
      },
    });
    document.addEventListener('visibilitychange', this.#seen);
    this.soon(0);
  }

  /** Reads again, once for all who ask within a moment. @param {number} [wait] ms */
  soon(wait = WAIT) {
    this.#due = true;
    const at = Date.now() + wait;
    if (this.#running || this.#closed || this.#timer && this.#at <= at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => this.#run(), wait);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#subscription.close();
    document.removeEventListener('visibilitychange', this.#seen);
  }

  async #run() {
    this.#running = true;
    this.#due = false;
    this.#timer = undefined;
    const good = await this.#read();
    this.#running = false;
    if (this.#due) this.soon();
    else if (!document.hidden) this.soon(good ? AGES : AGAIN);
  }

  #seen = () => {
    if (!document.hidden) this.soon();
  };
}
