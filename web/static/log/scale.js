// A browser lets no element be higher than some 17 million pixels. A log may
// be: then its scrollbar stands for more pixels than it has. Near both ends a
// pixel of it is a pixel of the log; in between only far leaps go by its
// measure, and steps keep their right length.

export const TALLEST = 10_000_000; // px
const EDGE = 200_000; // px at each end that are as long as they look
const LEAP = 4_000; // px at once that no wheel, key or finger moves

/** How high the scrolled content is made. @param {number} total height of the rows */
export const extent = (total) => Math.min(total, TALLEST);

/**
 * Where the scrollbar belongs when the view's upper edge stands at `top`.
 * @param {number} top @param {number} total @param {number} view height of what is seen
 */
export const scrollOf = (top, total, view) => between(top, total - view, extent(total) - view);

/**
 * Where the view's upper edge gets when the scrollbar moves.
 * @param {number} top where it was @param {number} from the scrollbar's old place @param {number} to its new one
 * @param {number} total @param {number} view
 */
export function moved(top, from, to, total, view) {
  const far = Math.abs(to - from) > LEAP;
  const next = far ? between(to, extent(total) - view, total - view) : top + to - from;
  return Math.max(0, Math.min(total - view, next));
}

/**
 * Whether the scrollbar would come to its end before the rows do, so that it
 * has to be put right even while the reader scrolls.
 * @param {number} scroll @param {number} total @param {number} view
 */
export const nearEdge = (scroll, total, view) => scroll < 2 * view || scroll > extent(total) - 3 * view;

/** From a way of one length to the same place of a way of another. @param {number} at @param {number} from @param {number} to */
function between(at, from, to) {
  if (from <= 0 || to <= 0) return 0;
  if (from === to || at <= EDGE) return at;
  if (at >= from - EDGE) return to - (from - at);
  return EDGE + (at - EDGE) * ((to - 2 * EDGE) / (from - 2 * EDGE));
}
