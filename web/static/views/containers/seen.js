// What costs the hub or the engine something runs only while it is looked at.

const PATIENCE = 20_000; // ms that a hidden page goes on, for those who only look aside

/**
 * @param {() => () => void} begin starts it and returns what ends it
 * @returns {() => void} ends it for good
 */
export function whileSeen(begin) {
  /** @type {(() => void) | undefined} */ let end;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
  const turn = () => {
    clearTimeout(timer);
    if (!document.hidden) end ??= begin();
    else timer = setTimeout(stop, PATIENCE);
  };
  const stop = () => {
    end?.();
    end = undefined;
  };
  document.addEventListener('visibilitychange', turn);
  turn();
  return () => {
    document.removeEventListener('visibilitychange', turn);
    clearTimeout(timer);
    stop();
  };
}
