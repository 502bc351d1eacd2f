/**
 * A detection run (P-34, P-35, P-37): one statement looks at all customers of a region and keeps those on whom a model raises the
 * alarm; who of them gets a case is decided by value and capacity; run and alarms are written together. Done again, it finds them.
 */
import type pg from 'pg'
import { type Alarm, allot } from '../../domain/retention/allot.ts'
import type { Profile } from '../../domain/retention/profile.ts'
import type { Rule } from '../../domain/retention/rules.ts'
import { score } from '../../domain/retention/score.ts'
import type { Scorecard } from '../../domain/retention/scorecard.ts'
import { type Model, releasedModels } from '../../prisma/retention/models.ts'
import { profileColumn } from '../../prisma/retention/profiles.ts'
import { never } from '../errors.ts'
import { inTransaction } from '../settlement/shared.ts'
import { lastMonth, measureSql, pointsSql, raisesSql, reachesSql } from './compile.ts'
import { capacityOf, caseLinks, openCase } from './open-cases.ts'
import { type Run, runOf } from './run.ts'

/** Cases of one run; more would make its events long. The rest waits for the next run. */
export const RUN_MOST = 200

export interface Detection {
  order: string
  process: string
  /** All customers of the order's region; otherwise the order's own customer, who is not held back: this order is his case. */
  all: boolean
  /** Epoch ms. */
  at: number
}

interface Judging {
  models: readonly Model[]
  rules: readonly Rule[]
  card: Scorecard | undefined
  quietDays: number
  perManager: number | undefined
  values: readonly string[] | undefined
}

export function detect(pool: pg.Pool, detection: Detection): Promise<Run> {
  const { order, process } = detection
  return inTransaction(pool, async (client) => {
    // Two runs at once would each see the same managers free.
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', ['detect', process])
    const done = await runOf(client, order)
    if (done) return done
    const judging = together(process, await releasedModels(client, process))
    const { looked, found } = await look(client, detection, judging)
    const allotted = detection.all
      ? allot(found, {
          run: RUN_MOST,
          ...(judging.perManager !== undefined && { free: await capacityOf(client, process, found, judging.perManager, detection.at) }),
        })
      : found.map((alarm) => ({ alarm, why: undefined }))
    await writeRun(
      client,
      detection,
      judging.models.map(({ id, version }) => ({ id, version })),
      looked,
      allotted,
    )
    return (await runOf(client, order))!
  })
}

/** Several models in force add up; of two limits the stricter holds. @throws ApplicationFailure NO_MODEL, not retryable */
function together(process: string, models: readonly Model[]): Judging {
  const sets = models.flatMap((model) => (model.kind === 'rules' ? [model.spec] : []))
  const cards = models.flatMap((model) => (model.kind === 'scorecard' ? [model.spec] : []))
  if (sets.length === 0) throw never('NO_MODEL', `no rule set of ${process} is in force: release one, then repeat the step`)
  const perManager = sets.flatMap((set) => (set.perManager === undefined ? [] : [set.perManager]))
  return {
    models,
    rules: sets.flatMap((set) => set.rules),
    card: cards.at(-1),
    quietDays: Math.max(...sets.map((set) => set.quietDays)),
    perManager: perManager.length > 0 ? Math.min(...perManager) : undefined,
    values: sets.every((set) => set.values) ? sets.flatMap((set) => set.values ?? []) : undefined,
  }
}

export interface Found extends Alarm {
  profile: Profile | null
  measures: (number | null)[]
  reasons: ReturnType<typeof score>['reasons']
}

/** Everybody who is looked at, and of them those with an alarm. */
async function look(
  client: pg.ClientBase,
  { order, process, all, at }: Detection,
  judging: Judging,
): Promise<{ looked: number; found: Found[] }> {
  const { rules, card, quietDays, values } = judging
  const raised = [...rules.map((rule, i) => raisesSql(rule, `m${i}`)), ...(card ? [reachesSql(card, 'points', 'value_class')] : [])]
  const { rows } = await client.query<Omit<Found, 'customer' | 'keys' | 'reasons'> & { looked: number; customer: string | null }>(
    `WITH about AS (SELECT customer_id, region_path FROM orders WHERE id = $1),
     looked AS MATERIALIZED (
       SELECT c.id, c.account_manager_id AS manager, p.value_class, p.monthly_charge, ${profileColumn} AS profile,
         ${card ? pointsSql(card) : 'NULL::int'} AS points${rules.map((rule, i) => `,\n         ${measureSql(rule, '$2::timestamptz')} AS m${i}`).join('')}
       FROM about JOIN customer c ON ${
         all
           ? `c.status = 'active' AND (c.region_path = about.region_path OR starts_with(c.region_path, about.region_path || '/'))`
           : 'c.id = about.customer_id'
       }
         LEFT JOIN customer_profile p ON p.customer_id = c.id LEFT JOIN ${lastMonth('$2::timestamptz')} l ON true
       -- Of whom nothing is known is a key account, not a subscriber of low value.
       WHERE $5::text[] IS NULL OR coalesce(p.value_class = ANY ($5), true))
     SELECT n.looked, w.* FROM (SELECT count(*)::int AS looked FROM looked) n LEFT JOIN (
       SELECT w.id AS customer, w.manager, w.value_class AS "valueClass", coalesce(w.monthly_charge, 0)::float8 AS "monthlyCharge", w.profile, w.points,
         ARRAY[${rules.map((_, i) => `w.m${i}`).join(', ')}]::float8[] AS measures, ${openCase('w.id', '$3', '$1', '$2::timestamptz')} AS "hasCase",
         ARRAY(SELECT DISTINCT k FROM retention_alarm a JOIN retention_run r ON r.order_id = a.run_id AND r.process = $3, unnest(a.keys) k
           WHERE a.customer_id = w.id AND a.state = 'opened' AND a.run_id <> $1 AND (a.at > $2::timestamptz - interval '1 day' * $4
             OR EXISTS (SELECT FROM orders o WHERE ${caseLinks} AND o.closed_at > $2::timestamptz - interval '1 day' * $4)) ORDER BY k) AS recent
       FROM looked w WHERE ${raised.join(' OR ')}) w ON true`,
    [order, new Date(at), process, quietDays, all ? (values ?? null) : null],
  )
  const looked = rows[0]!.looked
  const { rowCount } = looked > 0 ? { rowCount: 1 } : await client.query('SELECT FROM orders WHERE id = $1', [order])
  if (rowCount === 0) throw new Error(`the record has no order ${order} yet; trying again`)
  const found = rows.flatMap(({ looked: _, ...row }): Found[] => {
    if (row.customer === null) return []
    const models = { rules, ...(card && { card }) }
    const { reasons } = score(models, { measures: row.measures, ...(row.profile && { profile: row.profile }) })
    return [{ ...row, customer: row.customer, reasons, keys: [...new Set(reasons.map(({ key }) => key))] }]
  })
  return { looked, found }
}

/** Writes a run with its alarms, and links the case that a single customer's alarm opens. */
export async function writeRun(
  client: pg.ClientBase,
  { order, process, at }: Pick<Detection, 'order' | 'process' | 'at'>,
  judges: readonly { id: string; version: number }[],
  looked: number,
  allotted: readonly { alarm: Found; why: string | undefined }[],
): Promise<void> {
  const opened = allotted.filter(({ why }) => why === undefined).length
  await client.query(
    `INSERT INTO retention_run (order_id, process, models, looked, alarmed, opened, held_back, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [order, process, JSON.stringify(judges), looked, allotted.length, opened, allotted.length - opened, new Date(at)],
  )
  const rows = allotted.map(({ alarm: { customer, manager, points, reasons, keys }, why }) => ({
    customer,
    manager,
    points,
    reasons,
    keys,
    why,
  }))
  await client.query(
    `INSERT INTO retention_alarm (run_id, customer_id, manager_id, points, reasons, keys, state, why, at)
     SELECT $1, customer, manager, points, reasons, keys, CASE WHEN why IS NULL THEN 'opened' ELSE 'held-back' END, why, $3
       FROM ROWS FROM (jsonb_to_recordset($2::jsonb) AS (customer text, manager text, points int, reasons jsonb, keys text[], why text)) WITH ORDINALITY AS r (customer, manager, points, reasons, keys, why, n)
      ORDER BY n`,
    [order, JSON.stringify(rows), new Date(at)],
  )
  // An order that looks at its own customer is the case that the alarm opens.
  await client.query(
    `UPDATE retention_case k SET alarm_id = a.id FROM retention_alarm a WHERE k.order_id = $1 AND k.alarm_id IS NULL AND a.run_id = $1
      AND a.customer_id = k.customer_id AND a.state = 'opened'`,
    [order],
  )
}
