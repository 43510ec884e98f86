// A real registry of images that wants a password: Debian's docker-registry on
// a free port of this machine, for one test file. An engine on this machine
// speaks plain HTTP with it, since it is on loopback.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

// bcrypt of the password below, at its least cost.
const HASH = '$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e';

export class Registry {
  user = 'builder';
  password = 'correct horse';

  /** Starts one that ends with the test file. */
  static async start() {
    const registry = new Registry(mkdtempSync(join(tmpdir(), 'hub-registry-')), await freePort());
    after(async () => {
      await registry.stop();
      rmSync(registry.folder, { recursive: true, force: true });
    });
    await registry.run();
    return registry;
  }

  constructor(folder, port) {
    this.folder = folder;
    this.host = `127.0.0.1:${port}`;
    writeFileSync(join(folder, 'htpasswd'), `${this.user}:${HASH}\n`);
    writeFileSync(join(folder, 'config.yml'), [
      'version: 0.1',
      'log: {level: warn}',
      `storage: {filesystem: {rootdirectory: "${join(folder, 'data')}"}}`,
      `http: {addr: "${this.host}"}`,
      `auth: {htpasswd: {realm: hub, path: "${join(folder, 'htpasswd')}"}}`,
      '',
    ].join('\n'));
  }

  /** Starts it, again after stop(), with the images it had. */
  async run() {
    this.process = spawn('docker-registry', ['serve', join(this.folder, 'config.yml')], { stdio: 'ignore' });
    this.gone = new Promise((resolve) => this.process.once('close', resolve));
    for (let tries = 0; tries < 200; tries++) {
      if (this.process.exitCode !== null) break;
      if ((await fetch(`http://${this.host}/v2/`).catch(() => undefined))?.status === 401) return;
      await sleep(50);
    }
    assert.fail('the registry does not start');
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.gone;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
