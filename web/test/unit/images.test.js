import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRequest, chosen, entriesOf, example, pairsOf, partsOf, wantsLogin } from '../../static/views/images/words.js';

const image = (id, tags, more = {}) => ({ id: `sha256:${id.repeat(64)}`, tags, size: 1, created: '2026-11-23T20:11:47Z', containers: 0, ...more });
const images = [image('a', ['site:2', 'site:latest']), image('b', []), image('c', ['nginx:alpine'])];
const users = [{ name: 'web', status: 'running', image_id: images[0].id }];

test('each name of an image is a row, those without one come last', () => {
  const entries = entriesOf(images, users);
  assert.deepEqual(entries.map(({ name }) => name), ['site:2', 'site:latest', 'nginx:alpine', '']);
  assert.deepEqual(entries.map(({ ref }) => ref), ['site:2', 'site:latest', 'nginx:alpine', images[1].id]);
  assert.deepEqual(entries.map((entry) => entry.users.map(({ name }) => name)), [['web'], ['web'], [], []]);
  assert.equal(new Set(entries.map(({ key }) => key)).size, 4);
});

test('a filter looks at names, ids and who uses it, for each of its words', () => {
  const found = (filter) => chosen(entriesOf(images, users), filter).map(({ name }) => name);
  assert.deepEqual(found('SITE 2'), ['site:2']);
  assert.deepEqual(found('web'), ['site:2', 'site:latest']);
  assert.deepEqual(found('cccc'), ['nginx:alpine']);
  assert.deepEqual(found('no name'), ['']);
  assert.deepEqual(found('nothing'), []);
  assert.equal(found('  ').length, 4);
});

test('a name is taken apart into registry, repository and tag', () => {
  const cases = /** @type {[string, string, string, string][]} */ ([
    ['site', '', 'site', 'latest'], ['site:2', '', 'site', '2'], ['me/site:2', '', 'me/site', '2'], ['my.site:2', '', 'my.site', '2'], ['127.0.0.1:5000/site', '127.0.0.1:5000', '127.0.0.1:5000/site', 'latest'],
    ['localhost/site:x', 'localhost', 'localhost/site', 'x'], ['registry.example/a/b:1.4', 'registry.example', 'registry.example/a/b', '1.4'],
  ]);
  for (const [name, registry, repo, tag] of cases) assert.deepEqual(partsOf(name), { registry, repo, tag }, name);
});

test('the example builds from an image that has a shell, else from nothing', () => {
  assert.match(example(['x:1', 'hub-test/busybox:latest']), /^FROM hub-test\/busybox:latest\nRUN /);
  assert.match(example(['x:1', 'notbusybox2:1']), /^FROM scratch$/m);
  assert.match(example(['127.0.0.1:5000/alpine:3']), /^FROM 127\.0\.0\.1:5000\/alpine:3$/m);
});

test('the build form becomes the request of its source alone', () => {
  const values = { source: 'inline', tag: 'a:1', dockerfile_content: 'FROM scratch\n', git_url: 'https://g/x.git', ref: 'main', context_path: '/srv', dockerfile: 'D', target: '', platform: '', build_args: '', no_cache: false, pull: false };
  assert.deepEqual(buildRequest(values), { path: 'docker/build/start', body: { dockerfile_content: 'FROM scratch\n', tag: 'a:1' } });
  assert.deepEqual(buildRequest({ ...values, source: 'git' }), { path: 'docker/build/start', body: { git_url: 'https://g/x.git', ref: 'main', tag: 'a:1', dockerfile: 'D' } });
  assert.deepEqual(buildRequest({ ...values, source: 'folder', no_cache: true, build_args: 'A=1\nB=x=y' }),
    { path: 'docker/build-stream', body: { context_path: '/srv', tag: 'a:1', dockerfile: 'D', no_cache: true, build_args: { A: '1', B: 'x=y' } } });
  assert.throws(() => pairsOf('novalue', 'build argument'), /“novalue” is no build argument/);
});

test('a registry that wants a login is known by its words', () => {
  for (const text of ['unauthorized: authentication required', 'no basic auth credentials', 'denied: requested access to the resource is denied']) assert.ok(wantsLogin(text), text);
  assert.ok(!wantsLogin('manifest unknown'));
});
