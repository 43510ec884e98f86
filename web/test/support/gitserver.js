// A real git server: git's own http-backend behind HTTP on a free port of this
// machine, for one test file.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';

const NOBODY = {
  GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C',
  GIT_AUTHOR_NAME: 'somebody', GIT_AUTHOR_EMAIL: 'somebody@example.invalid',
  GIT_COMMITTER_NAME: 'somebody', GIT_COMMITTER_EMAIL: 'somebody@example.invalid',
};

export class GitServer {
  /** Starts one that ends with the test file. */
  static async start() {
    const server = new GitServer(mkdtempSync(join(tmpdir(), 'hub-git-')));
    const backend = join(server.git(server.home, '--exec-path'), 'git-http-backend');
    const web = createServer((request, answer) => server.#serve(backend, request, answer)).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    server.url = `http://127.0.0.1:${web.address().port}/`;
    after(() => {
      web.closeAllConnections();
      web.close();
      rmSync(server.home, { recursive: true, force: true });
    });
    return server;
  }

  constructor(home) {
    this.home = home;
    this.environment = { PATH: process.env.PATH, HOME: home, ...NOBODY };
  }

  /** Runs the git command in a folder and returns what it prints. */
  git(folder, ...words) {
    return execFileSync('git', words, { cwd: folder, env: this.environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  /** Makes a repository, such as "site", with one commit of files, by their paths. */
  repo(name, files) {
    const bare = join(this.home, 'repos', `${name}.git`);
    const folder = join(this.home, 'files', name);
    mkdirSync(folder, { recursive: true });
    this.git(this.home, 'init', '-q', '--bare', '-b', 'main', bare);
    const git = (...words) => this.git(folder, `--git-dir=${bare}`, `--work-tree=${folder}`, ...words);
    const repo = {
      url: `${this.url}${name}.git`,
      /** Commits files and returns the commit's whole id. */
      commit: (changed) => {
        for (const [path, text] of Object.entries(changed)) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        git('add', '-A');
        git('commit', '-q', '-m', 'change');
        return git('rev-parse', 'HEAD');
      },
    };
    repo.first = repo.commit(files);
    return repo;
  }

  /** One request by the rules of CGI: a head of lines, an empty line, the body. */
  #serve(backend, request, answer) {
    const { pathname, search } = new URL(request.url, this.url);
    const child = spawn(backend, {
      env: {
        ...this.environment, GIT_PROJECT_ROOT: join(this.home, 'repos'), GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: request.method, PATH_INFO: pathname, QUERY_STRING: search.slice(1),
        CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        ...(request.headers['content-length'] && { CONTENT_LENGTH: request.headers['content-length'] }),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => {}); // it may answer before it has read all
    request.pipe(child.stdin);
    const parts = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.on('close', () => {
      const all = Buffer.concat(parts);
      const end = all.indexOf('\r\n\r\n');
      const head = Object.fromEntries(all.subarray(0, end).toString().split('\r\n').map((line) => line.split(/: (.*)/s, 2)));
      answer.writeHead(Number.parseInt(head.Status ?? '200', 10), head);
      answer.end(all.subarray(end + 4));
    });
  }
}
