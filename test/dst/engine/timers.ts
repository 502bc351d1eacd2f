/** Timers by their instants: a heap, since most moves arm one. */
export interface Timer {
  at: number
  run: object
  seq: number
}

export class Timers {
  private readonly heap: Timer[] = []
  private readonly dead = new Map<object, Set<number>>()
  private readonly dropped = new WeakSet<object>()

  put(timer: Timer): void {
    const { heap } = this
    heap.push(timer)
    for (let i = heap.length - 1; i > 0; ) {
      const up = (i - 1) >> 1
      if (heap[up]!.at <= heap[i]!.at) break
      ;[heap[up], heap[i]] = [heap[i]!, heap[up]!]
      i = up
    }
  }

  cancel(run: object, seq: number): void {
    let of = this.dead.get(run)
    if (!of) this.dead.set(run, (of = new Set()))
    of.add(seq)
  }

  /** The run has ended: none of its timers fires. */
  drop(run: object): void {
    this.dropped.add(run)
    this.dead.delete(run)
  }

  /** Whether one of the run's fires by an instant. */
  has(run: object, by: number): boolean {
    return this.heap.some((timer) => timer.run === run && timer.at <= by && !this.isDead(timer))
  }

  any(run: object): boolean {
    return this.has(run, Infinity)
  }

  /** Instant of the nearest that still counts. */
  get nearest(): number | undefined {
    for (let top = this.heap[0]; top; top = this.heap[0]) {
      if (!this.isDead(top)) return top.at
      this.pop()
    }
    return undefined
  }

  /** The nearest that is due by an instant. */
  take(now: number): Timer | undefined {
    const { nearest } = this
    return nearest !== undefined && nearest <= now ? this.pop() : undefined
  }

  private isDead({ run, seq }: Timer): boolean {
    return this.dropped.has(run) || this.dead.get(run)?.has(seq) === true
  }

  private pop(): Timer {
    const { heap } = this
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      for (let i = 0; ; ) {
        const [left, right] = [2 * i + 1, 2 * i + 2]
        let least = i
        if (left < heap.length && heap[left]!.at < heap[least]!.at) least = left
        if (right < heap.length && heap[right]!.at < heap[least]!.at) least = right
        if (least === i) break
        ;[heap[least], heap[i]] = [heap[i]!, heap[least]!]
        i = least
      }
    }
    return top
  }
}
