/** How a clock came to be due when it is: every fact of its life, in order, for whoever asks "why is it due at 16:20?". */
import type { OrderEvent } from './event.ts'

export interface LedgerLine {
  seq: number
  at: number
  /** started, set (anew, by a limit that moved), paused, resumed, extended, stopped, reopened, rung. */
  what: 'started' | 'set' | 'paused' | 'resumed' | 'extended' | 'stopped' | 'reopened' | 'rung'
  /** Due instant from here on, epoch ms. */
  due?: number
  /** From when on it runs, epoch ms. */
  from?: number
  /** Working ms in all, and used up to `from`. */
  budget?: number
  used?: number
  calendar?: string
  policy?: string
  provisional?: boolean
  /** Of a pause: whose it is, and why; of an extension: why. */
  party?: string
  reason?: string
  /** Of an extension: working ms more. Of a resumption: ms that the pause lasted. */
  by?: number
  pct?: number
  /** Of a rung: ms after its instant. */
  late?: number
  actor: OrderEvent['actor']
}

/** The ledger of every clock of an order, by name. `events`: the whole history, in order. */
export function ledgers(events: readonly OrderEvent[]): Map<string, LedgerLine[]> {
  const found = new Map<string, LedgerLine[]>()
  /** The suspension of each task, as long as it lasts, and the extensions and resumptions of the move at hand. */
  const suspended = new Map<string, { party: string; reason: string; at: number }>()
  let extension: { at: number; clock: string; by: number; reason: string; actor: OrderEvent['actor'] } | undefined
  const put = (clock: string, line: LedgerLine) => found.set(clock, [...(found.get(clock) ?? []), line])
  for (const event of events) {
    const { seq, at, actor } = event
    const last = (clock: string) => found.get(clock)?.at(-1)
    switch (event.type) {
      case 'task-suspended':
        suspended.set(event.data.task, { party: event.data.party, reason: event.data.reason, at })
        break
      case 'limit-extended':
        extension = { at, actor, ...event.data }
        break
      case 'clock-set': {
        const { clock, from, due, budget, used, cal: calendar, policy, provisional } = event.data
        const before = last(clock)
        const pause = found.get(clock)?.findLast(({ what }) => what === 'paused')
        const line = { seq, at, from, due, budget, used, calendar, policy, ...(provisional && { provisional }), actor }
        if (!before) put(clock, { ...line, what: 'started' })
        else if (extension?.at === at && extension.clock === clock)
          put(clock, { ...line, what: 'extended', by: extension.by, reason: extension.reason, actor: extension.actor })
        else if (before.what === 'paused') put(clock, { ...line, what: 'resumed', by: at - pause!.at })
        else put(clock, { ...line, what: 'set' })
        break
      }
      case 'clock-paused': {
        const task = event.data.clock.slice(0, event.data.clock.lastIndexOf('/'))
        // A clock of the order itself stands still for whichever task was suspended in this move.
        const why = suspended.get(task) ?? [...suspended.values()].find((one) => one.at === at)
        put(event.data.clock, {
          seq,
          at,
          what: 'paused',
          used: event.data.used,
          ...(why && { party: why.party, reason: why.reason }),
          actor,
        })
        break
      }
      case 'clock-stopped':
        put(event.data.clock, { seq, at, what: 'stopped', actor })
        break
      case 'clock-reopened':
        put(event.data.clock, { seq, at, what: 'reopened', actor })
        break
      case 'rung-fired':
        put(event.data.clock, { seq, at, what: 'rung', pct: event.data.pct, due: event.data.due, late: event.data.late, actor })
        break
      case 'task-resumed':
        suspended.delete(event.data.task)
        break
      default:
        break
    }
  }
  return found
}
