// Asks the hub again and again, but only while somebody sees the answer: not in
// a hidden tab, nor scrolled out of sight, and never twice at once.

import { tell } from '../overview/trouble.js';

/**
 * @param {HTMLElement} element that shows it
 * @param {number} every ms
 * @param {(signal: AbortSignal) => Promise<void>} ask
 * @param {HTMLElement} trouble where a failure is said until it is over
 */
export function poll(element, every, ask, trouble) {
  const away = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
  let [asking, near, due] = [false, false, false];
  const wanted = () => near && !document.hidden && !away.signal.aborted;
  const turn = async () => {
    clearTimeout(timer);
    timer = undefined;
    due = asking;
    if (asking || !wanted()) return;
    asking = true;
    try {
      await ask(away.signal);
      trouble.replaceChildren();
    } catch (error) {
      if (wanted()) tell(trouble, error, turn);
    }
    asking = false;
    if (due) turn();
    else if (wanted()) timer = setTimeout(turn, every);
  };
  const sight = new IntersectionObserver((entries) => {
    const now = entries[entries.length - 1].isIntersecting;
    if (now === near) return;
    near = now;
    if (near) turn();
  }, { rootMargin: '100px' });
  sight.observe(element);
  document.addEventListener('visibilitychange', turn, { signal: away.signal });
  return {
    /** Asks at once, because what is asked for has changed. */
    now: turn,
    end() {
      away.abort();
      sight.disconnect();
      clearTimeout(timer);
    },
  };
}
