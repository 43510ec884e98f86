// A tar made of files, for an upload: a Blob of heads and of the files
// themselves, so that none of them is read before it is sent.

/**
 * `name` is the path within the tar, with "/" between folders; a folder's ends
 * with one and has no content.
 * @typedef {{name: string, content?: Blob, modified?: number, mode?: number}} Entry modified in ms
 */

const BLOCK = 512; // bytes; everything in a tar begins at a multiple of it
const LONGEST_NAME = 100; // bytes that a plain head has for a name
const LARGEST = 8 ** 11 - 1; // bytes of a file that a plain head can tell
const text = new TextEncoder();

/**
 * Folders that files lie in need no entry of their own.
 * @param {Entry[]} entries
 * @returns {Blob}
 */
export function tar(entries) {
  /** @type {BlobPart[]} */ const parts = [];
  for (const { name, content, modified = Date.now(), mode } of entries) {
    const folder = name.endsWith('/');
    const size = folder ? 0 : content?.size ?? 0;
    const seconds = Math.max(0, Math.floor(modified / 1000));
    const more = extended(name, size);
    if (more.length) parts.push(head({ name: 'pax', size: more.length, mode: 0o644, seconds, type: 'x' }), more, padding(more.length));
    parts.push(head({ name, size: size > LARGEST ? 0 : size, mode: mode ?? (folder ? 0o755 : 0o644), seconds, type: folder ? '5' : '0' }));
    if (size && content) parts.push(content, padding(size));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return new Blob(parts, { type: 'application/x-tar' });
}

/**
 * What does not fit a plain head, as records of a pax head: the length of the
 * whole record, a key, a value.
 * @param {string} name @param {number} size
 */
function extended(name, size) {
  /** @type {[string, string][]} */ const facts = [];
  // A plain name is ASCII by the standard; what else is made of it differs from tar to tar.
  if (text.encode(name).length > LONGEST_NAME || /[^\x20-\x7e]/.test(name)) facts.push(['path', name]);
  if (size > LARGEST) facts.push(['size', `${size}`]);
  return text.encode(facts.map(([key, value]) => record(` ${key}=${value}\n`)).join(''));
}

/** @param {string} rest */
function record(rest) {
  const bytes = text.encode(rest).length;
  let length = bytes;
  while (length !== bytes + `${length}`.length) length = bytes + `${length}`.length;
  return `${length}${rest}`;
}

/** @param {{name: string, size: number, mode: number, seconds: number, type: string}} of */
function head({ name, size, mode, seconds, type }) {
  const block = new Uint8Array(BLOCK);
  const put = (/** @type {number} */ at, /** @type {string} */ value) => block.set(text.encode(value).subarray(0, LONGEST_NAME), at);
  const octal = (/** @type {number} */ n, /** @type {number} */ digits) => `${n.toString(8).padStart(digits, '0')}\0`;
  put(0, name);
  put(100, octal(mode, 7));
  put(108, octal(0, 7)); // root's, as everything that the hub writes
  put(116, octal(0, 7));
  put(124, octal(size, 11));
  put(136, octal(seconds, 11));
  put(148, '        '); // the sum is made as if spaces stood in its place
  put(156, type);
  put(257, 'ustar\x0000');
  put(148, `${octal(block.reduce((sum, byte) => sum + byte, 0), 6)} `);
  return block;
}

/** @param {number} size */
const padding = (size) => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
