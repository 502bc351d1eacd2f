/** What was said about each version of a document: opinions, votes, approvals, the customer's answer, in the order of their asking. */
import type pg from 'pg'
import { documents } from '../../domain/processes/documents.ts'
import type { Fact } from '../../domain/order/spec.ts'
import type { Title } from '../../domain/title.ts'
import type { Catalogue } from '../catalogue.ts'
import { resolveTexts } from '../orders/texts.ts'
import { versionsByTask } from './documents.ts'
import { rows, sql } from './sql.ts'

export interface Opinion {
  order: string
  task: string
  step: string
  /** Of the step; of the party, where several sign. */
  title: Title
  party: string | null
  /** The answer of a party, or the outcome of the step; null: asked, and silent. */
  answer: string | null
  opinion: string | null
  by: string | null
  /** Absent colleague in whose place. */
  for: string | null
  unit: string | null
  at: string | null
  /** Row and version of the authority table that allowed it. */
  rule: string | null
  form: Readonly<Record<string, Fact>>
}

interface Row {
  order_id: string
  process: string
  task: string
  step: string
  party: string | null
  title_en: string | null
  title_zh: string | null
  answer: string | null
  opinion: string | null
  form: Record<string, Fact> | null
  by: string | null
  for: string | null
  unit: string | null
  at: Date | null
  rule: string | null
}

/** Texts of a form that say what somebody thinks, the most telling first. */
const SAYING = ['opinion', 'wishes', 'reason'] as const

/** By order, then by version. A joint step gives one entry for each party asked; any other one, once it has its outcome. */
export async function opinionsOf(
  pool: pg.Pool,
  { spec }: Catalogue,
  orders: readonly string[],
): Promise<(order: string, version: number) => Opinion[]> {
  const steps = Object.values(documents).flatMap(({ drawnUpBy, reviewedBy }) => [drawnUpBy, ...reviewedBy])
  const wanted = sql`t.order_id = ANY (${[...orders]}) AND t.step = ANY (${steps})`
  const asked = sql`(SELECT e.seq FROM order_event e WHERE e.order_id = t.order_id AND e.type = 'task-opened' AND e.data ->> 'task' = t.task)`
  const [versions, found] = await Promise.all([
    versionsByTask(pool, orders),
    rows<Row>(
      pool,
      sql`SELECT t.order_id, t.process, t.task, t.step, ${asked} AS seq, g.party, g.title_en, g.title_zh, g.answer, g.opinion, NULL::jsonb AS form,
                 g.signed_by AS by, g.signed_for AS for, coalesce(g.unit_id, s.unit_id) AS unit, g.signed_at AS at, NULL::text AS rule
            FROM task t JOIN signature g ON g.order_id = t.order_id AND g.task = t.task AND g.removed_at IS NULL AND g.asked_at IS NOT NULL
            LEFT JOIN staff s ON s.id = coalesce(g.signed_by, g.person_id)
           WHERE ${wanted} AND t.status <> 'cancelled'
          UNION ALL
          SELECT t.order_id, t.process, t.task, t.step, ${asked}, NULL, NULL, NULL, t.outcome, t.note, t.form,
                 t.done_by, t.done_for, coalesce(t.unit_id, s.unit_id), t.closed_at, e.data ->> 'rule'
            FROM task t LEFT JOIN staff s ON s.id = t.done_by
            LEFT JOIN order_event e ON e.order_id = t.order_id AND e.type = 'task-completed' AND e.data ->> 'task' = t.task
           WHERE ${wanted} AND t.status = 'done'
             AND NOT EXISTS (SELECT 1 FROM signature g WHERE g.order_id = t.order_id AND g.task = t.task)
           ORDER BY order_id, seq, party`,
    ),
  ])
  const texts = await resolveTexts(
    pool,
    found.map(({ opinion, form }) => ({ opinion, form })),
  )
  const opinions = found.map((row, i): Opinion & { version: number | undefined } => {
    const form = texts[i]!.form ?? {}
    const said = SAYING.map((name) => form[name]).find((value) => typeof value === 'string')
    const step = spec(row.process)?.steps[row.step]?.title ?? { en: row.step, zh: row.step }
    return {
      version: versions.get(row.order_id)?.get(row.task),
      order: row.order_id,
      task: row.task,
      step: row.step,
      title: row.title_en !== null && row.title_zh !== null ? { en: row.title_en, zh: row.title_zh } : step,
      party: row.party,
      answer: row.answer,
      opinion: said ?? texts[i]!.opinion,
      by: row.by,
      for: row.for,
      unit: row.unit,
      at: row.at?.toISOString() ?? null,
      rule: row.rule,
      form,
    }
  })
  return (order, version) =>
    opinions.filter((one) => one.order === order && one.version === version).map(({ version: _version, ...one }) => one)
}
