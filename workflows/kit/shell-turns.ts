/** What an order has still to take in, first in first out. */
import type { Input } from './machine.ts'
import type { Answer } from './messages.ts'

export interface Turn {
  input: Input
  /** traceparent of whoever asks. */
  trace?: string | undefined
  resolve(answer: Answer): void
  reject(error: unknown): void
}

export class Turns {
  private readonly waiting: Turn[] = []

  get length(): number {
    return this.waiting.length
  }

  /** @returns once its turn has come and what it led to is recorded */
  submit(input: Input, trace?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ input, trace, resolve, reject })
    })
  }

  /** For what nobody waits for: a refusal then means that it no longer applies. */
  post(input: Input): void {
    this.waiting.push({ input, resolve: () => {}, reject: () => {} })
  }

  /** Before all others. */
  first(turn: Turn): void {
    this.waiting.unshift(turn)
  }

  next(): Turn {
    return this.waiting.shift()!
  }

  rejectAll(error: unknown): void {
    for (const { reject } of this.waiting) reject(error)
  }
}
