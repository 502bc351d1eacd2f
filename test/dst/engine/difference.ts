/** Whether a replay asks what the history says. */
import type { Ask } from './instance.ts'

/** What a replay asks otherwise than the history says. */
export function difference(told: readonly Ask[], again: readonly Ask[]): string | undefined {
  for (let i = 0; i < Math.max(told.length, again.length); i++) {
    const [a, b] = [told[i], again[i]]
    const same = a && b && a.kind === b.kind && (!('seq' in a) || a.seq === (b as { seq: number }).seq) && text(a) === text(b)
    if (!same) return `the history says ${a ? text(a) : 'nothing'}, the code does ${b ? text(b) : 'nothing'}`
  }
  return undefined
}

function text(ask: Ask): string {
  switch (ask.kind) {
    case 'activity': {
      const { head = '', task = '' } = ask.input as { head?: string; task?: string }
      return `activity ${ask.name} ${head}${task}`
    }
    case 'timer':
      return `timer ${ask.ms}`
    case 'child':
      return `child ${ask.id}`
    case 'signal':
      return `signal ${ask.name} to ${ask.order}`
    case 'accept':
    case 'answer':
      return `${ask.kind} ${ask.update}`
    default:
      return ask.kind
  }
}
