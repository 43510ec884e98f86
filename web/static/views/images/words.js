// What is said of images: one row for each name, who uses it, which of a list
// are meant by a filter, and the Dockerfile that a form begins with. No
// document here.

/** @typedef {{id: string, tags: string[], size: number, created: string, containers: number}} Image as the hub lists it */
/** @typedef {{name: string, status: string, image_id: string}} User a container */
/**
 * A name of an image, or an image that has none.
 * @typedef {object} Entry
 * @property {string} key
 * @property {string} id
 * @property {string} name "": it has none
 * @property {string} ref what it is asked for by: its name, else its id
 * @property {number} names how many the image has
 * @property {number} size bytes
 * @property {string} created
 * @property {User[]} users
 */

/** @param {string} id */
export const short = (id) => id.replace(/^sha256:/, '').slice(0, 12);

/**
 * One for each name, in the images' order, those without any last.
 * @param {Image[]} images
 * @param {User[]} containers
 * @returns {Entry[]}
 */
export function entriesOf(images, containers) {
  const entry = (/** @type {Image} */ { id, tags, size, created }, /** @type {string} */ name) =>
    ({ key: `${id} ${name}`, id, name, ref: name || id, names: tags.length, size, created, users: containers.filter(({ image_id: of }) => of === id) });
  return [...images.flatMap((image) => image.tags.map((tag) => entry(image, tag))),
    ...images.filter(({ tags }) => !tags.length).map((image) => entry(image, ''))];
}

/** Those in which each word of a filter stands: in the name, the id's beginning or a container's name. @param {Entry[]} entries @param {string} filter */
export function chosen(entries, filter) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ id, name, users }) => {
    const where = [name || 'no name', short(id), ...users.map((user) => user.name)].join(' ').toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

/** "127.0.0.1:5000/site:2" is site's name with the tag 2, in a registry. @param {string} name @returns {{registry: string, repo: string, tag: string}} */
export function partsOf(name) {
  const [, repo = name, tag = 'latest'] = /^(.*?)(?::([^/:]+))?$/.exec(name) ?? [];
  const [head, ...rest] = repo.split('/');
  const host = rest.length > 0 && (/[.:]/.test(head) || head === 'localhost');
  return { registry: host ? head : '', repo, tag };
}

/** Whether a push or pull failed because the registry wants to know who asks. @param {string} error */
export const wantsLogin = (error) => /unauthorized|authentication required|no basic auth|denied|credentials|log ?in/i.test(error);

/** Images that have a shell, by their names' ends. */
const SHELLS = /(^|\/)(busybox|alpine|debian|ubuntu|nginx|node|python|golang|redis|postgres|fedora|httpd)(:|$)/;

/**
 * A Dockerfile that can be built on this engine even where it has no network:
 * from an image that is there, else from nothing.
 * @param {string[]} tags of the images there are
 */
export function example(tags) {
  const base = tags.find((tag) => SHELLS.test(tag));
  if (base) {
    return [`FROM ${base}`, 'RUN for i in 1 2 3 4 5; do echo "working: $i of 5"; sleep 1; done', 'RUN date > /built',
      'CMD ["sh", "-c", "while true; do echo \\"built $(cat /built), now $(date)\\"; sleep 1; done"]', ''].join('\n');
  }
  return ['# From nothing: this builds without a network, and holds this file alone.',
    '# With one, begin with an image that can run programs: FROM alpine', 'FROM scratch', 'COPY Dockerfile /', 'LABEL description="my first image"', ''].join('\n');
}

/** Lines of NAME=value. @param {string} text @param {string} what they are called in what is said of a wrong one @returns {Record<string, string>} */
export function pairsOf(text, what) {
  return Object.fromEntries(text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const at = line.indexOf('=');
    if (at < 1) throw new Error(`“${line}” is no ${what}: write NAME=value, one a line.`);
    return [line.slice(0, at).trim(), line.slice(at + 1)];
  }));
}

/**
 * The request that a build form's values mean.
 * @param {Record<string, any>} values
 * @returns {{path: string, body: Record<string, any>}}
 */
export function buildRequest({ source, tag, dockerfile_content: content, git_url: git, ref, context_path: folder, dockerfile, target, platform, build_args: args, no_cache: noCache, pull }) {
  const given = (/** @type {Record<string, any>} */ fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
  const variables = pairsOf(args ?? '', 'build argument');
  const more = given({ tag, dockerfile: source === 'inline' ? '' : dockerfile, target, platform, no_cache: noCache, pull, build_args: Object.keys(variables).length ? variables : undefined });
  if (source === 'folder') return { path: 'docker/build-stream', body: { context_path: folder, ...more } };
  return { path: 'docker/build/start', body: { ...(source === 'git' ? given({ git_url: git, ref }) : { dockerfile_content: content }), ...more } };
}
