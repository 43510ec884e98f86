// Work that modules put off, done when a test says so.

export function slices() {
  /** @type {(() => void)[]} */ const waiting = [];
  return {
    /** @param {() => void} slice */
    put: (slice) => void waiting.push(slice),
    /** Does the next slice. */
    step: () => waiting.shift()?.(),
    /** Does all, and what comes of it, and says how many slices it was. */
    run() {
      let done = 0;
      for (let slice; (slice = waiting.shift()); done++) slice();
      return done;
    },
  };
}
