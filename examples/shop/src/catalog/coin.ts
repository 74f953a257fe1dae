/** A coin that falls the same way for the same seed: `next()` is true with the given probability. */
export class Coin {
  private state: number;

  constructor(
    readonly probability: number,
    readonly seed: number,
  ) {
    this.state = seed | 0;
  }

  next(): boolean {
    return this.random() < this.probability;
  }

  /** Mulberry32: a counter, mixed; uniform in [0, 1). */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
