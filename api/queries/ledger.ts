/** Why an order's clocks are due when they are. */
import type { Title } from '../../domain/title.ts'
import { workingTimeBetween } from '../../domain/calendar/calendar.ts'
import { formatBudget } from '../../domain/calendar/duration.ts'
import { type LedgerLine, ledgers } from '../../domain/order/ledger.ts'
import { calendarOf, type Limits } from '../../domain/order/policy.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState } from '../../domain/order/state.ts'
import { limitsVersion } from '../../prisma/reference.ts'
import { Prisma } from '../../prisma/generated/client.ts'
import type { Deps } from '../deps.ts'
import { historyOf } from './events.ts'
import { limitsOf } from './limits.ts'
import { namesOf } from './names.ts'
import { rows, sql } from './sql.ts'

interface ClockRow {
  clock: string
  task: string | null
  kind: string
  calendar: string
  budget_ms: string
  used_ms: string
  due_at: Date
  started_at: Date
  paused_at: Date | null
  stopped_at: Date | null
  mark: string
  policy: string
  provisional: boolean
}

interface PolicyRow {
  id: string
  version: number
  source: string | null
  mark: string
  budget: string | null
  valid_from: Date
  changed_by: string | null
  note: string | null
}

const iso = (ms: number) => new Date(ms).toISOString()
const words = (ms: number): Title => ({ en: formatBudget(ms, 'en'), zh: formatBudget(ms, 'zh') })

/** As people in China read it. */
const local = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

const partyNames: Readonly<Record<string, Title>> = {
  customer: { en: 'the customer', zh: '客户' },
  vendor: { en: 'the vendor', zh: '厂家' },
  own: { en: 'ourselves', zh: '我方' },
  'third-party': { en: 'a third party', zh: '第三方' },
}
const partyName = (party: string | undefined): Title => partyNames[party ?? ''] ?? { en: party ?? '', zh: party ?? '' }

/** All clocks of an order with their ledgers; nothing where there is no such order. `now` decides how much is used up. */
export async function clockLedgersOf(
  { pool }: Pick<Deps, 'pool'>,
  order: string,
  specOf: (process: string) => ProcessSpec | undefined,
  now: Date,
) {
  const [found] = await rows<{ version: string; state: OrderState; clocks: ClockRow[] | null }>(
    pool,
    sql`SELECT ${Prisma.raw(limitsVersion)} AS version, o.state FROM orders o WHERE o.id = ${order}`,
  )
  if (!found) return undefined
  const clocks = await rows<ClockRow>(
    pool,
    sql`SELECT * FROM clock c WHERE c.order_id = ${order} ORDER BY c.stopped_at IS NOT NULL, c.due_at, c.clock`,
  )
  const [limits, history, policies] = await Promise.all([
    limitsOf(pool, found.version),
    historyOf(pool, order),
    rows<PolicyRow>(
      pool,
      sql`SELECT id::text, version, source, mark, budget, valid_from, changed_by, note FROM policy
           WHERE id::text = ANY (${clocks.map(({ policy }) => policy.split('@')[0]!)})`,
    ),
  ])
  const lines = ledgers(history)
  const spec = specOf(found.state.process)
  const opened = new Map(history.flatMap((event) => (event.type === 'task-opened' ? [[event.data.task, event.data.step] as const] : [])))
  const items = clocks.map((clock) =>
    shown(clock, lines.get(clock.clock) ?? [], { limits, policies, spec, state: found.state, opened, now: now.getTime() }),
  )
  const names = await namesOf(
    pool,
    items.flatMap((item) => [item.policy?.changedBy, ...item.lines.flatMap(({ actor }) => [actor.id, actor.for])]),
  )
  return { order, items, names }
}

interface Known {
  limits: Limits
  policies: readonly PolicyRow[]
  spec: ProcessSpec | undefined
  state: OrderState
  /** Step of each task. */
  opened: ReadonlyMap<string, string>
  now: number
}

function shown(clock: ClockRow, lines: readonly LedgerLine[], { limits, policies, spec, state: order, opened, now }: Known) {
  const { policy: named, task } = clock
  const policy = policies.find(({ id, version }) => `${id}@${version}` === named)
  const calendar = limits.calendars.find((one) => `${one.calendar.id}@${one.calendar.version}` === clock.calendar)?.calendar
  const budgetMs = Number(clock.budget_ms)
  const state = clock.stopped_at ? 'stopped' : clock.paused_at ? 'paused' : 'running'
  const set = lines.findLast(({ what }) => ['started', 'set', 'resumed', 'extended'].includes(what))
  const end = Math.min(clock.stopped_at?.getTime() ?? now, now)
  const usedMs =
    state === 'paused' || !calendar || !set
      ? Number(clock.used_ms)
      : (set.used ?? 0) + workingTimeBetween(calendarOf(limits, clock.calendar), set.from ?? set.at, end)
  const step = task === null ? undefined : opened.get(task)
  const title = (step !== undefined && spec?.steps[step]?.title) ||
    spec?.clocks?.[clock.clock]?.title || { en: clock.clock, zh: clock.clock }
  const running = order.clocks[clock.clock]
  const fired = lines.filter(({ what }) => what === 'rung').map(({ pct, due, at }) => ({ pct: pct!, at: iso(due ?? at), fired: true }))
  const ahead = (running?.rungs ?? []).map(([pct, at]) => ({ pct, at: iso(at), fired: false }))
  return {
    clock: clock.clock,
    kind: clock.kind,
    task,
    title,
    dueAt: clock.due_at.toISOString(),
    state,
    budget: words(budgetMs),
    budgetMs,
    usedMs,
    leftMs: budgetMs - usedMs,
    calendar: calendar
      ? { id: calendar.id, version: calendar.version, timeZone: calendar.timeZone, continuous: calendar.continuous }
      : null,
    policy: policy
      ? {
          id: policy.id,
          version: policy.version,
          source: policy.source,
          mark: policy.mark,
          budget: policy.budget,
          validFrom: policy.valid_from.toISOString(),
          changedBy: policy.changed_by,
          note: policy.note,
        }
      : null,
    ladder: [...fired, ...ahead].sort((a, b) => a.pct - b.pct),
    provisional: clock.provisional,
    lines: lines.map(lineOf),
    because: because(clock, budgetMs, lines, calendar?.continuous ?? false),
  }
}

const lineOf = (line: LedgerLine) => ({
  seq: line.seq,
  at: iso(line.at),
  what: line.what,
  dueAt: line.due === undefined ? null : iso(line.due),
  usedMs: line.used ?? null,
  party: line.party ?? null,
  reason: line.reason ?? null,
  byMs: line.by ?? null,
  pct: line.pct ?? null,
  lateMs: line.late ?? null,
  actor: line.actor,
  text: textOf(line),
})

function textOf({ what, due, by, party, reason, pct, budget }: LedgerLine): Title {
  const until = due === undefined ? '' : local(due)
  const span = words(by ?? 0)
  const why = reason ? { en: ` (${reason})`, zh: `(${reason})` } : { en: '', zh: '' }
  const whose = partyName(party)
  switch (what) {
    case 'started':
      return { en: `started with ${words(budget ?? 0).en}, due ${until}`, zh: `开始计时，时限 ${words(budget ?? 0).zh}，到期 ${until}` }
    case 'set':
      return { en: `set anew, due ${until}`, zh: `重新设定，到期 ${until}` }
    case 'paused':
      return party === undefined
        ? { en: `paused${why.en}`, zh: `暂停${why.zh}` }
        : { en: `paused for ${whose.en}${why.en}`, zh: `因${whose.zh}暂停${why.zh}` }
    case 'resumed':
      return { en: `runs on after a pause of ${span.en}, due ${until}`, zh: `暂停 ${span.zh} 后继续，到期 ${until}` }
    case 'extended':
      return { en: `extended by ${span.en}${why.en}, due ${until}`, zh: `延长 ${span.zh}${why.zh}，到期 ${until}` }
    case 'stopped':
      return { en: 'stopped', zh: '停止计时' }
    case 'reopened':
      return { en: 'runs on as before', zh: '恢复计时' }
    case 'rung':
      return { en: `${pct} % fired`, zh: `${pct} % 已触发` }
  }
}

/** One sentence that holds all that moved the due instant. */
function because(clock: ClockRow, budgetMs: number, lines: readonly LedgerLine[], continuous: boolean): Title {
  const began = lines.find(({ what }) => what === 'started')
  const pauses = lines.filter(({ what }) => what === 'resumed')
  const more = lines.filter(({ what }) => what === 'extended')
  const paused = pauses.reduce((sum, { by }) => sum + (by ?? 0), 0)
  const time = continuous ? { en: 'around the clock', zh: '全天计时' } : { en: 'of working time', zh: '按工作时间' }
  const from = local(began?.at ?? clock.started_at.getTime())
  const sum = words(paused)
  return {
    en: [
      `${words(budgetMs).en} ${time.en} (${clock.calendar}, limit ${clock.policy}) from ${from}`,
      ...(paused > 0 ? [`${pauses.length} ${pauses.length === 1 ? 'pause' : 'pauses'} of ${sum.en} in all`] : []),
      ...(more.length > 0 ? [`extended ${more.length} ${more.length === 1 ? 'time' : 'times'}`] : []),
      clock.paused_at && !clock.stopped_at ? 'paused now' : `due ${local(clock.due_at.getTime())}`,
    ].join('; '),
    zh: [
      `自 ${from} 起${time.zh} ${words(budgetMs).zh}（日历 ${clock.calendar}，时限 ${clock.policy}）`,
      ...(paused > 0 ? [`暂停 ${pauses.length} 次，共 ${sum.zh}`] : []),
      ...(more.length > 0 ? [`延长 ${more.length} 次`] : []),
      clock.paused_at && !clock.stopped_at ? '现已暂停' : `到期 ${local(clock.due_at.getTime())}`,
    ].join('；'),
  }
}
