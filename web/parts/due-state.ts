import { duration } from './time.ts'

/** The share of a limit from which it is at risk, as the first rung of the ladder has it. */
const AT_RISK = 0.8

export interface Limit {
  at: string | null
  paused?: boolean
  /** When the limit began: from it follows what "soon" means. */
  since?: string | null
}

export type DueState = { kind: 'none' | 'paused' } | { kind: 'late' | 'soon' | 'left'; time: string }

/** What is left of a limit at an instant, or by how much it is overrun. */
export function dueState({ at, paused, since }: Limit, now: number, lang: string): DueState {
  if (paused) return { kind: 'paused' }
  if (!at) return { kind: 'none' }
  const due = new Date(at).getTime()
  if (now >= due) return { kind: 'late', time: duration(now - due, lang) }
  const begun = since ? new Date(since).getTime() : undefined
  const soon = begun !== undefined && now - begun >= (due - begun) * AT_RISK
  return { kind: soon ? 'soon' : 'left', time: duration(due - now, lang) }
}
