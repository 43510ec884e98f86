// Where a row stands when the rows of several topics are put in time order: a
// topic's lines keep the order they came in, whatever its clock says.

export class Timeline {
  /** @type {Map<string, number>} */ #latest = new Map();

  /**
   * The key of a topic's next row. One without a time (a gap) stands right
   * after what its topic has said, or first of all. Only lines hold back what
   * follows: what the hub itself says of a topic has the hub's time, and may
   * come before lines that are older.
   * @param {string} topic
   * @param {number} time
   * @param {boolean} line
   */
  key(topic, time, line) {
    const latest = this.#latest.get(topic) ?? 0;
    const key = time > latest ? time : latest;
    if (line) this.#latest.set(topic, key);
    return key;
  }
}
