// The whole of a log as a file: straight from the hub, not what the page has
// loaded, and never all of it in the page's memory where that can be helped.

import { visible } from './ansi.js';

/** @typedef {'text' | 'ndjson'} Format */

/**
 * web-2026-11-23T20-15Z.log, a name that every file system takes.
 * @param {string[]} topics
 * @param {number} time ms
 * @param {string} [extension]
 */
export function fileName(topics, time, extension = 'log') {
  const [first] = topics;
  const own = /^(?:tasks|containers)\/([^/]+)(?:\/|$)/.exec(first)?.[1];
  const subject = topics.length > 1 ? 'streams' : own && own !== '*' ? own : first;
  const safe = subject.replace(/[^A-Za-z0-9_.@-]+/g, '-').replace(/^[-.]+|-+$/g, '').slice(0, 100) || 'all';
  const minute = new Date(time).toISOString().slice(0, 16).replace(':', '-');
  return `${safe}-${minute}Z.${extension}`;
}

/**
 * Where the hub gives all that it keeps of the topics, and then ends.
 * @param {string} base the hub's address with a last slash
 * @param {string[]} topics
 * @param {Format} format
 */
export function address(base, topics, format) {
  const url = new URL(topics.length === 1 ? `stream/${topics[0]}` : 'stream', base);
  if (topics.length > 1) for (const topic of topics) url.searchParams.append('topic', topic);
  url.searchParams.set('since', 'all');
  url.searchParams.set('follow', '0');
  url.searchParams.set('format', format);
  return url.href;
}

/**
 * Takes what programs write for terminals out of a text, line by line.
 * @returns {TransformStream<string, string>}
 */
export function withoutEscapes() {
  let rest = '';
  return new TransformStream({
    transform(text, out) {
      const end = text.lastIndexOf('\n');
      if (end < 0) {
        rest += text;
        return;
      }
      out.enqueue(lines(rest + text.slice(0, end)) + '\n');
      rest = text.slice(end + 1);
    },
    flush(out) {
      if (rest) out.enqueue(lines(rest));
    },
  });
}

/** @param {string} text */
const lines = (text) => text.split('\n').map(visible).join('\n');

/**
 * Saves the log without escape sequences: into a file that the reader chooses
 * where the browser lets them, else through a Blob, which it keeps on disk.
 * @param {string} url
 * @param {string} name
 * @returns {Promise<boolean>} false: the reader changed their mind
 */
export async function savePlain(url, name) {
  const pick = /** @type {any} */ (globalThis).showSaveFilePicker;
  /** @type {WritableStream | undefined} */ let file;
  if (pick) {
    try {
      file = await (await pick({ suggestedName: name })).createWritable();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return false;
      // Not allowed here, in a frame for one: the other way is left.
    }
  }
  const answer = await fetch(url, { cache: 'no-store' });
  if (!answer.ok || !answer.body) throw new Error(`cannot download: the hub answered ${answer.status}`);
  const text = answer.body.pipeThrough(/** @type {TransformStream<any, string>} */ (new TextDecoderStream())).pipeThrough(withoutEscapes()).pipeThrough(new TextEncoderStream());
  if (file) await text.pipeTo(file);
  else offer(await new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } }).blob(), name);
  return true;
}

/** @param {Blob} blob @param {string} name */
function offer(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
