/** Writing and removing schedules: the record first, the engine within the same transaction, so that neither has one without the other. */
import type pg from 'pg'
import type { z } from 'zod'
import { logAdmin } from '../../prisma/admin-log.ts'
import { checkForm } from '../../domain/order/form.ts'
import { faultTitles } from '../../domain/order/refusal.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { runFacts } from '../../domain/schedule/run.ts'
import { above, mayStart } from '../auth/ability.ts'
import type { Deps } from '../deps.ts'
import type { Caller } from '../http/operation.ts'
import { checkNamed, withInstants } from '../orders/form.ts'
import { sealed } from '../orders/personal.ts'
import { References } from '../orders/references.ts'
import { OWN_WORK, unknownProcess } from '../orders/start.ts'
import { Problem, wrongField } from '../problem.ts'
import { readSchedules, type ScheduleRow } from '../queries/schedules.ts'
import { rows, sql } from '../queries/sql.ts'
import type { scheduleIn } from '../schemas/schedule.ts'

type Wanted = z.output<typeof scheduleIn>

/**
 * Writes a schedule, new or changed, and tells the engine.
 * @throws Problem NOT_ALLOWED, NOT_FOUND, POLICY_CHANGED, UNKNOWN_PROCESS, UNKNOWN_REFERENCE, VALIDATION_FAILED; Refusal FORM_INVALID
 */
export async function putSchedule(
  deps: Deps,
  client: pg.PoolClient,
  caller: Caller,
  { id, body, expect, now }: { id: string; body: Wanted; expect: number | undefined; now: Date },
): Promise<ScheduleRow> {
  await rows(client, sql`SELECT pg_advisory_xact_lock(hashtextextended(${`schedule ${id}`}, 0))`)
  const [current] = await readSchedules(client, { id })
  if (current) requireInReach(caller, current)
  if (expect !== undefined && expect !== (current?.version ?? 0))
    throw new Problem('POLICY_CHANGED', {
      says: { zh: `当前版本为 ${current?.version ?? 0}`, en: `it is at version ${current?.version ?? 0}` },
    })
  const spec = await checked(deps, caller, body, now)
  const region = body.region ?? current?.region_path ?? caller.principal.region.path
  requireInReach(caller, { region_path: region })
  // Its runs hand it to the engine as it lies here.
  const input = await sealed(deps.pool, spec.input, body.input, { customer: body.customerId ?? '', prefix: 'input', now })
  const [kept] = await rows<ScheduleRow>(
    client,
    sql`INSERT INTO schedule AS s (id, process, title, customer_id, region_path, input, cron, time_zone, overlap, catch_up, paused, note, changed_by, changed_at)
        VALUES (${id}, ${spec.id}, ${body.title}, ${body.customerId ?? null}, ${region}, ${JSON.stringify(input)}::jsonb, ${body.cron},
          ${body.timeZone}, ${body.overlap}, ${body.catchUp}, ${body.paused}, ${body.note ?? null}, ${caller.principal.id}, ${now})
        ON CONFLICT (id) DO UPDATE SET process = excluded.process, title = excluded.title, customer_id = excluded.customer_id,
          region_path = excluded.region_path, input = excluded.input, cron = excluded.cron, time_zone = excluded.time_zone,
          overlap = excluded.overlap, catch_up = excluded.catch_up, paused = excluded.paused, note = excluded.note,
          changed_by = excluded.changed_by, changed_at = excluded.changed_at, version = s.version + 1
        RETURNING s.*`,
  )
  await deps.engine.schedules.put(timingOf(kept!))
  const { process, cron, time_zone: timeZone, paused, version } = kept!
  const detail = { process, cron, timeZone, paused, version }
  await logAdmin(client, { actor: caller.principal.id, action: 'schedule-changed', subject: id, detail, at: now })
  return kept!
}

/** @throws Problem NOT_ALLOWED, NOT_FOUND */
export async function removeSchedule(deps: Deps, client: pg.PoolClient, caller: Caller, id: string, now: Date): Promise<void> {
  requireInReach(caller, await requireSchedule(client, caller, id))
  await rows(client, sql`DELETE FROM schedule WHERE id = ${id}`)
  await deps.engine.schedules.remove(id)
  await logAdmin(client, { actor: caller.principal.id, action: 'schedule-removed', subject: id, at: now })
}

/** A schedule in sight. @throws Problem NOT_FOUND */
export async function requireSchedule(db: pg.Pool | pg.PoolClient, { principal, ability }: Caller, id: string): Promise<ScheduleRow> {
  const [found] = ability.can('read', 'Schedule') ? await readSchedules(db, { id, below: principal.region.path }) : []
  if (!found) throw new Problem('NOT_FOUND')
  return found
}

export const timingOf = ({ id, cron, time_zone: timeZone, overlap, catch_up: catchUp, paused }: ScheduleRow) => ({
  id,
  cron,
  timeZone,
  overlap,
  catchUp,
  paused,
})

/** Tells the engine of every schedule that the record has: after the engine's data were lost, or came from a backup. */
export async function tellAll({ pool, engine, logger }: Pick<Deps, 'pool' | 'engine' | 'logger'>): Promise<void> {
  const found = await readSchedules(pool, {}).catch((error: unknown) => {
    logger.warn({ err: error }, 'the record did not say which schedules there are; the next start tells the engine of them')
    return []
  })
  for (const row of found)
    await engine.schedules.put(timingOf(row)).catch((error: unknown) => {
      logger.warn({ schedule: row.id, err: error }, 'the engine was not told of a schedule; the next start tells it again')
    })
}

/** @throws Problem NOT_ALLOWED, NOT_FOUND */
export function requireInReach({ principal, ability }: Caller, { region_path: region }: Pick<ScheduleRow, 'region_path'>): void {
  if (!above(region).includes(principal.region.path)) throw new Problem('NOT_FOUND')
  if (!ability.can('change', 'Schedule'))
    throw new Problem('NOT_ALLOWED', { says: { zh: '您的角色不能修改计划', en: 'your roles do not let you change schedules' } })
}

/** What the next order would begin with must be what its process takes. */
async function checked(deps: Deps, { principal, ability }: Caller, body: Wanted, now: Date): Promise<ProcessSpec> {
  const spec = deps.catalogue.spec(body.process)
  if (!spec) throw unknownProcess(deps.catalogue)
  if (!mayStart(ability, spec.id))
    throw new Problem('NOT_ALLOWED', { says: { zh: `您的角色不能发起「${spec.title.zh}」`, en: `your roles may not start ${spec.id}` } })
  if (spec.internal === true && body.customerId !== undefined) throw wrongField('customerId', 'INVALID', OWN_WORK)
  if (!spec.internal && body.customerId === undefined) throw wrongField('customerId', 'INVALID', faultTitles.REQUIRED)
  const references = new References(deps, principal, ability)
  if (body.customerId !== undefined) await references.customers([body.customerId], 'customerId')
  const facts = withInstants(spec.input, runFacts(body.input, now.getTime(), body.timeZone))
  checkForm(spec.input, facts, 'input')
  await checkNamed(references, spec.input, facts, { prefix: 'input' })
  return spec
}
