/** What happened to one clock, line by line, from the history alone. */
import type { Event } from '../../http/types.ts'

export type LedgerLine = { seq: number; at: string; actor: Event['actor'] } & (
  | { kind: 'set' | 'moved'; due: number; used: number }
  | { kind: 'paused'; used: number }
  | { kind: 'stopped' | 'reopened' }
  | { kind: 'extended'; by: number; reason: string }
  | { kind: 'rung'; pct: number; late: number }
)

export interface Ledger {
  lines: LedgerLine[]
  /** How long it was paused, ms of the wall; until `now` where it still is. */
  pausedMs: number
}

export function ledgerOf(events: readonly Event[], clock: string, now: number): Ledger {
  const lines: LedgerLine[] = []
  let since: number | undefined
  let pausedMs = 0
  const runs = (at: number) => {
    if (since !== undefined) pausedMs += at - since
    since = undefined
  }
  for (const { seq, at, type, data, actor } of events) {
    if (data.clock !== clock) continue
    const line = { seq, at, actor }
    const instant = Date.parse(at)
    switch (type) {
      case 'clock-set':
        lines.push({ ...line, kind: lines.length === 0 ? 'set' : 'moved', due: Number(data.due), used: Number(data.used) })
        runs(instant)
        break
      case 'clock-paused':
        lines.push({ ...line, kind: 'paused', used: Number(data.used) })
        since ??= instant
        break
      case 'clock-stopped':
        lines.push({ ...line, kind: 'stopped' })
        runs(instant)
        break
      case 'clock-reopened':
        lines.push({ ...line, kind: 'reopened' })
        break
      case 'limit-extended':
        lines.push({ ...line, kind: 'extended', by: Number(data.by), reason: String(data.reason) })
        break
      case 'rung-fired':
        lines.push({ ...line, kind: 'rung', pct: Number(data.pct), late: Number(data.late) })
        break
    }
  }
  runs(now)
  return { lines, pausedMs }
}
