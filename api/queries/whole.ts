/** The state of the whole, for operators: what lives, what waits, what nobody has heard of. */
import type pg from 'pg'
import type { Title } from '../../domain/title.ts'
import { latestReconciliation } from '../../prisma/recovery/findings.ts'
import { latestGate } from '../../prisma/recovery/gate.ts'
import type { Deps } from '../deps.ts'
import { firedSince } from './lateness.ts'
import { lastRuns, readSchedules } from './schedules.ts'
import { rows, sql } from './sql.ts'

type State = 'ok' | 'slow' | 'failed'

interface Part {
  id: 'database' | 'engine' | 'recorder' | 'relay' | 'clock' | 'archive'
  state: State
  ms: number | null
  detail: Title
}

/** A clock is heard of within a second; after this long something is wrong. */
const CLOCK_LATE_S = 30
const RELAY_LATE_S = 60
const SLOW_MS = 500
const PATIENCE_MS = 2_000

const t = (zh: string, en: string): Title => ({ zh, en })

async function timed(work: () => Promise<unknown>): Promise<{ state: State; ms: number | null }> {
  const began = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), PATIENCE_MS)
  })
  try {
    await Promise.race([work(), late])
    const ms = Math.round(performance.now() - began)
    return { state: ms > SLOW_MS ? 'slow' : 'ok', ms }
  } catch {
    return { state: 'failed', ms: null }
  } finally {
    clearTimeout(timer)
  }
}

interface Figures {
  last_at: Date | null
  last_minute: number
  late: { order: string; no: string | null; due: string } | null
  lag: { worst: number | null; p99: number | null; fired: number }
  stopped: { order: string; no: string | null; code: string; message: string; since: string }[] | null
  outbox: { waiting: number; dead: number; oldest: string | null }
  email: { waiting: number; dead: number; oldest: string | null }
  archive: { waiting: number; failed: number; dead: number }
  anchor: { n: number; day: string; at: string; written: boolean; posted: boolean; error: string | null } | null
}

const queue = (table: 'outbox' | 'notification') => {
  const own = table === 'outbox' ? sql`outbox` : sql`notification`
  const channel = table === 'outbox' ? sql`TRUE` : sql`channel = 'email'`
  return sql`(SELECT json_build_object(
      'waiting', (SELECT count(*) FROM ${own} WHERE state IN ('pending', 'failed') AND ${channel}),
      'dead', (SELECT count(*) FROM ${own} WHERE state = 'dead' AND ${channel}),
      'oldest', (SELECT min(created_at) FROM ${own} WHERE state IN ('pending', 'failed') AND ${channel})))`
}

async function figures(pool: pg.Pool, now: Date): Promise<Figures> {
  const [found] = await rows<Figures>(
    pool,
    sql`SELECT
      (SELECT max(at) FROM order_event) AS last_at,
      (SELECT count(DISTINCT (order_id, move_seq))::int FROM order_event WHERE at > ${new Date(now.getTime() - 60_000)}) AS last_minute,
      (SELECT json_build_object('order', o.id, 'no', o.no, 'due', o.next_due_at) FROM orders o
        WHERE o.status IN ('open', 'withdrawing') AND o.next_due_at < ${new Date(now.getTime() - 5_000)} ORDER BY o.next_due_at, o.id LIMIT 1) AS late,
      (SELECT json_build_object('worst', max(late_ms), 'p99', percentile_cont(0.99) WITHIN GROUP (ORDER BY late_ms), 'fired', count(*))
         FROM (${firedSince(new Date(now.getTime() - 3_600_000))}) fired) AS lag,
      (SELECT json_agg(x) FROM (SELECT o.id AS "order", o.no, o.state #>> '{stopped,code}' AS code, o.state #>> '{stopped,message}' AS message, o.updated_at AS since
         FROM orders o WHERE o.status = 'stopped' ORDER BY o.updated_at DESC LIMIT 50) x) AS stopped,
      ${queue('outbox')} AS outbox, ${queue('notification')} AS email,
      (SELECT json_build_object('waiting', count(*) FILTER (WHERE state = 'waiting'), 'failed', count(*) FILTER (WHERE state = 'failed'),
                                'dead', count(*) FILTER (WHERE state = 'dead')) FROM archive_state WHERE state <> 'done') AS archive,
      (SELECT json_build_object('n', a.n, 'day', a.day, 'at', a.at, 'written', a.written_at IS NOT NULL, 'posted', a.posted_at IS NOT NULL, 'error', a.error)
         FROM anchor a ORDER BY a.n DESC LIMIT 1) AS anchor`,
  )
  return found!
}

const iso = (text: string | Date) => new Date(text).toISOString()

/** Everything at once. A part that does not answer is told as failed; what only the record knows needs the record. */
export async function healthOf({ pool, engine, live, now: clock }: Deps, version: string) {
  const now = new Date(clock())
  const [database, running] = await Promise.all([timed(() => pool.query('SELECT 1')), timed(() => engine.check())])
  const [found, orphans, gate] = await Promise.all([figures(pool, now), latestReconciliation(pool), latestGate(pool)])
  const all = await readSchedules(pool, {})
  const [runs, next] = await Promise.all([
    lastRuns(
      pool,
      all.map(({ id }) => id),
    ),
    Promise.all(
      all.map(({ id, paused }) => (paused || running.state === 'failed' ? Promise.resolve([]) : engine.schedules.next(id).catch(() => []))),
    ),
  ])
  const since = (oldest: string | null) => (oldest === null ? 0 : Math.max(0, (now.getTime() - Date.parse(oldest)) / 1_000))
  const queued = ({ waiting, dead, oldest }: Figures['outbox']) => ({ waiting, dead, oldestSeconds: since(oldest) })
  const late = found.late && { ...found.late, seconds: since(found.late.due) }
  const outbox = queued(found.outbox)
  const clockState: State = !late ? 'ok' : late.seconds > CLOCK_LATE_S ? 'failed' : 'slow'
  const relayState: State = outbox.oldestSeconds > RELAY_LATE_S ? 'failed' : 'ok'
  const worst = found.lag.worst === null ? null : Number(found.lag.worst)
  const parts: Part[] = [
    { id: 'database', ...database, detail: t('台账数据库', 'The record') },
    { id: 'engine', ...running, detail: t('流程引擎', 'The engine') },
    {
      id: 'clock',
      state: clockState,
      ms: worst,
      detail: late
        ? t(`有时限到期 ${Math.round(late.seconds)} 秒未触发`, `a limit has been due for ${Math.round(late.seconds)} s, unheard`)
        : t('时限按时触发', 'limits fire in time'),
    },
    {
      id: 'recorder',
      state: clockState === 'failed' ? 'failed' : 'ok',
      ms: null,
      detail: found.last_at
        ? t(`最近一步 ${iso(found.last_at)}`, `latest move ${iso(found.last_at)}`)
        : t('尚无记录', 'nothing recorded yet'),
    },
    {
      id: 'relay',
      state: relayState,
      ms: null,
      detail: t(`待发 ${outbox.waiting} 条`, `${outbox.waiting} messages wait`),
    },
    {
      id: 'archive',
      state: found.archive.failed + found.archive.dead > 0 ? 'slow' : 'ok',
      ms: null,
      detail: t(
        `待归档 ${found.archive.waiting}，失败 ${found.archive.failed + found.archive.dead}`,
        `${found.archive.waiting} to be stored, ${found.archive.failed + found.archive.dead} failed`,
      ),
    },
  ]
  const states = parts.map(({ state }) => state)
  const { anchor } = found
  return {
    at: now.toISOString(),
    version,
    state: states.includes('failed') ? ('failed' as const) : states.includes('slow') ? ('slow' as const) : ('ok' as const),
    parts,
    live: { viewers: live.size },
    moves: {
      lastAt: found.last_at && iso(found.last_at),
      lastMinute: found.last_minute,
      unrecorded: late && { order: late.order, no: late.no, dueAt: iso(late.due), seconds: late.seconds },
    },
    timers: { worstLagMs: worst, p99LagMs: found.lag.p99 === null ? null : Number(found.lag.p99), fired: Number(found.lag.fired) },
    stopped: (found.stopped ?? []).map(({ since: from, ...order }) => ({ ...order, since: iso(from) })),
    orphans: orphans
      ? { checkedAt: iso(orphans.at), tookMs: orphans.tookMs, looked: orphans.looked, repaired: orphans.repaired, open: orphans.total }
      : null,
    outbox,
    email: queued(found.email),
    archive: found.archive,
    schedules: all.map(({ id, title, process, paused }, i) => {
      const run = runs.get(id)
      return {
        id,
        title,
        process,
        paused,
        lastAt: run ? run.at.toISOString() : null,
        lastOrder: run?.order_id ?? null,
        lastStatus: run?.status ?? null,
        nextAt: next[i]?.[0] ? iso(next[i][0]) : null,
      }
    }),
    gate: gate
      ? { at: iso(gate.at), ok: gate.ok, version: gate.version, orders: gate.orders, moved: gate.moved, refused: gate.refused }
      : null,
    anchor: anchor && { ...anchor, day: anchor.day.slice(0, 10), at: iso(anchor.at) },
    connections: { idle: pool.idleCount, busy: pool.totalCount - pool.idleCount, waiting: pool.waitingCount },
  }
}
