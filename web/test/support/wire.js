// A wire between the page and the hub that a test can cut and mend.

import { connect, createServer } from 'node:net';

export class Wire {
  #sockets = new Set();
  #cut = false;

  /** Listens on a free port of this machine until the test t ends. */
  static async to(t, port) {
    const wire = new Wire();
    const server = createServer((near) => wire.#join(near, port)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    t.after(() => {
      wire.cut();
      server.close();
    });
    wire.url = `http://127.0.0.1:${server.address().port}/`;
    return wire;
  }

  #join(near, port) {
    if (this.#cut) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [[near, far], [far, near]]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }

  /** Cuts what runs over it, and all that comes until it is mended. */
  cut() {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#cut = false;
  }
}
