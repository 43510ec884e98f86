// What went wrong in a part of a view, said once and not at each new try.

import { ApiError } from '../../lib/api.js';
import { problem } from '../../ui/problem.js';

/**
 * @param {HTMLElement} place that holds nothing else
 * @param {unknown} error
 * @param {() => void} [retry]
 */
export function tell(place, error, retry) {
  // That the hub is not reached is said by the connection, in the header.
  if (document.hidden || error instanceof ApiError && error.status === 0) return;
  const words = `${error instanceof Error ? error.message : error}`;
  if (place.firstChild && place.dataset.said === words) return;
  place.dataset.said = words;
  place.replaceChildren(problem(error, retry));
}
