/** Chance that can be told again: from one number follows everything. */
export class Random {
  private state = 0

  constructor(seed = 0) {
    this.reset(seed)
  }

  reset(seed: number): void {
    this.state = seed | 0
  }

  /** A whole number of 32 bits (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }

  /** From 0 to n - 1. */
  below(n: number): number {
    return n <= 1 ? 0 : this.next() % n
  }

  /** True in so many of a thousand cases. */
  chance(perMille: number): boolean {
    return perMille > 0 && this.next() % 1000 < perMille
  }

  of<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)]
  }
}
