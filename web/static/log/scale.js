// A browser lets no element be higher than some 17 million pixels. A log may
// be: then its scrollbar stands for more pixels than it has, and only far leaps
// go by the scrollbar's measure; steps keep their right length.

export const TALLEST = 10_000_000; // px
const LEAP = 4_000; // px at once that no wheel, key or finger moves

/** How high the scrolled content is made. @param {number} total height of the rows */
export const extent = (total) => Math.min(total, TALLEST);

/**
 * Where the scrollbar belongs when the view's upper edge stands at `top`.
 * @param {number} top @param {number} total @param {number} view height of what is seen
 */
export function scrollOf(top, total, view) {
  const way = total - view;
  return way <= 0 ? 0 : top * ((extent(total) - view) / way);
}

/**
 * Where the view's upper edge gets when the scrollbar moves.
 * @param {number} top where it was @param {number} from the scrollbar's old place @param {number} to its new one
 * @param {number} total @param {number} view
 */
export function moved(top, from, to, total, view) {
  const way = total - view;
  if (way <= 0) return 0;
  const far = Math.abs(to - from) > LEAP;
  const next = far ? to * (way / (extent(total) - view)) : top + to - from;
  return Math.min(way, Math.max(0, next));
}

/**
 * Whether the scrollbar would come to its end before the rows do, so that it
 * has to be put right even while the reader scrolls.
 * @param {number} scroll @param {number} total @param {number} view
 */
export const nearEdge = (scroll, total, view) => scroll < 2 * view || scroll > extent(total) - 3 * view;
