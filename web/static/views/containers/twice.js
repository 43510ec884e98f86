// What changes nothing is asked for again when the answer was lost on the way:
// where page and engine share a machine, a container's new network interface
// makes some browsers drop all that they are loading.

import { ApiError } from '../../lib/api.js';

const PAUSE = 700; // ms

/**
 * @template T
 * @param {() => Promise<T>} ask a request, or the import of a module
 * @returns {Promise<T>}
 */
export async function twice(ask) {
  try {
    return await ask();
  } catch (error) {
    const answered = error instanceof ApiError && error.status > 0;
    if (answered || error instanceof DOMException) throw error; // refused, or not wanted any more
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return ask();
  }
}
