// A list on the page that follows a list of data: elements are kept by key and
// moved only where the order changed, so that neither focus nor selection is
// lost when something else in the list changes.

/**
 * @template T
 * @template {HTMLElement} E
 * @param {HTMLElement} parent holds nothing but these elements
 * @param {Iterable<T>} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => E} make
 * @param {(element: E, item: T) => void} [update] called for new elements, too
 */
export function keyed(parent, items, keyOf, make, update) {
  /** @type {Map<string, E>} */ const known = elements.get(parent) ?? new Map();
  const next = new Map();
  /** @type {ChildNode | null} */ let place = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    const element = known.get(key) ?? make(item);
    known.delete(key);
    next.set(key, element);
    if (element === place) place = place.nextSibling;
    else parent.insertBefore(element, place);
    update?.(element, item);
  }
  for (const element of known.values()) element.remove();
  elements.set(parent, next);
}

/** @type {WeakMap<HTMLElement, Map<string, any>>} */
const elements = new WeakMap();
