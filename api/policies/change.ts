/**
 * Changing a policy: a further version, valid from an instant on. What was valid before stays as it was, so that orders which have begun
 * keep the version that they began with.
 */
import { isDeepStrictEqual } from 'node:util'
import type pg from 'pg'
import type { z } from 'zod'
import { logAdmin } from '../../prisma/admin-log.ts'
import { mayChange } from '../auth/ability.ts'
import type { Deps } from '../deps.ts'
import type { Caller } from '../http/operation.ts'
import { Problem, wrongField } from '../problem.ts'
import { namesOf } from '../queries/names.ts'
import { conditions, readVersions, shown, type Version } from '../queries/policies.ts'
import { type Db, rows, sql } from '../queries/sql.ts'
import type { changeIn, PolicyKind } from '../schemas/policy.ts'
import { affected } from './affected.ts'
import { canHaveDispatch, checkedSpec } from './check.ts'

/**
 * A change that holds at once begins a second later: by then it is written, so that no order opens under a version that the planner
 * could not yet know.
 */
const SOON_MS = 1_000

/** Where the value of a changed limit stands. */
const BY_DECISION = '公司决定 decision of the company'

export interface Change {
  kind: PolicyKind
  id: string
  body: z.output<typeof changeIn>
  /** Version that it was decided on, where the client names one. */
  expect: number | undefined
  now: Date
}

/** What the change would make, with the orders that it concerns. Changes nothing. @throws as {@link changePolicy} */
export async function previewChange(deps: Deps, caller: Caller, change: Change) {
  const { versions, next } = await wanted(deps, deps.pool, caller, change)
  return answer(deps, deps.pool, caller, change, { versions, next, preview: true })
}

/**
 * Writes the next version, in the caller's transaction.
 * @throws Problem NOT_ALLOWED, NOT_FOUND, POLICY_CHANGED, VALIDATION_FAILED naming the fields
 */
export async function changePolicy(deps: Deps, client: pg.PoolClient, caller: Caller, change: Change) {
  const { kind, id } = change
  // Two who change the same policy come one after the other, and the second sees what the first has done.
  await rows(client, sql`SELECT pg_advisory_xact_lock(hashtextextended(${`policy ${kind} ${id}`}, 0))`)
  const { versions, next } = await wanted(deps, client, caller, change)
  await write(client, kind, next, versions.at(-1))
  const changed = await answer(deps, client, caller, change, { versions, next, preview: false })
  const detail = { version: next.version, validFrom: next.valid_from.toISOString(), changes: changed.changes, note: next.note }
  await logAdmin(client, { actor: caller.principal.id, action: 'policy-changed', subject: `${kind}/${id}`, detail, at: change.now })
  return changed
}

async function wanted(deps: Deps, db: Db, { principal, ability }: Caller, { kind, id, body, expect, now }: Change) {
  if (!mayChange(ability, kind))
    throw new Problem('NOT_ALLOWED', { says: { zh: `您的角色不能修改此类规则：${kind}`, en: `your roles do not let you change ${kind}` } })
  const versions = await readVersions(db, kind, id)
  const current = versions.at(-1)
  if (!current && !(kind === 'dispatch' && canHaveDispatch(deps.catalogue, id))) throw new Problem('NOT_FOUND')
  const at = current?.version ?? 0
  if (expect !== undefined && expect !== at)
    throw new Problem('POLICY_CHANGED', { says: { zh: `当前版本为 ${at}`, en: `it is at version ${at}` } })
  const from = beginning(body.validFrom, current, now)
  const spec = await checkedSpec(db, deps.catalogue, kind, body.spec, current)
  if (current && isDeepStrictEqual(spec, current.spec))
    throw wrongField('spec', 'INVALID', { zh: `与版本 ${at} 相同`, en: `version ${at} says the same` })
  const next: Version = {
    id: current?.id ?? id,
    version: at + 1,
    applies: current?.applies ?? null,
    spec,
    // A decision of the company stands in no document; what was there to be watched still is.
    mark: kind === 'ladders' || kind === 'authority' ? null : current?.mark === 'demo' ? 'demo' : 'default',
    source: kind === 'limits' ? BY_DECISION : null,
    valid_from: from,
    valid_to: null,
    changed_by: principal.id,
    note: body.note,
  }
  return { versions, next }
}

/** When the next version begins. @throws Problem VALIDATION_FAILED: what has been valid is not changed afterwards */
function beginning(given: number | undefined, current: Version | undefined, now: Date): Date {
  const refuse = (zh: string, en: string) => wrongField('validFrom', 'INVALID', { zh, en })
  if (given !== undefined && given < now.getTime())
    throw refuse(`时间已过，现在是 ${now.toISOString()}`, `it lies in the past; it is ${now.toISOString()}`)
  const from = new Date(given ?? now.getTime() + SOON_MS)
  if (current && from <= current.valid_from)
    throw refuse(
      `版本 ${current.version} 自 ${current.valid_from.toISOString()} 起生效，请填写更晚的时间`,
      `version ${current.version} begins at ${current.valid_from.toISOString()}; give a later instant`,
    )
  return from
}

async function write(client: pg.PoolClient, kind: PolicyKind, next: Version, current: Version | undefined): Promise<void> {
  const { id, version, valid_from: from, changed_by: by, note } = next
  switch (kind) {
    case 'limits': {
      const { budget, calendar, ladder } = next.spec
      const latest = sql`(SELECT v.id FROM (SELECT id, min(id) OVER (PARTITION BY ${conditions}) AS first, version FROM policy) v
                           WHERE v.first = ${id}::bigint AND v.version = ${current!.version})`
      // One open-ended row for each combination: the old one ends before the new one is there.
      await rows(client, sql`UPDATE policy SET valid_to = ${from} WHERE id = ${latest}`)
      await rows(
        client,
        sql`INSERT INTO policy (${conditions}, budget, calendar, ladder, mark, source, valid_from, version, changed_by, note)
            SELECT ${conditions}, ${budget}, ${calendar}, ${ladder}, ${next.mark}, ${next.source}, ${from}::timestamptz, ${version}, ${by}, ${note}
              FROM policy WHERE id = ${latest}`,
      )
      return
    }
    case 'ladders':
      await rows(
        client,
        sql`INSERT INTO ladder (id, version, rungs, valid_from, changed_by, note)
            VALUES (${id}, ${version}, ${JSON.stringify(next.spec.rungs)}::jsonb, ${from}, ${by}, ${note})`,
      )
      return
    case 'authority': {
      const { maxAmount, maxTermMonths, maxDiscountPct } = next.spec
      await rows(
        client,
        sql`INSERT INTO authority_rule (id, version, role, level, max_amount, max_term_months, max_discount_pct, valid_from, changed_by, note)
            VALUES (${id}, ${version}, ${next.applies?.role}, ${next.applies?.level}, ${maxAmount}, ${maxTermMonths}, ${maxDiscountPct}, ${from}, ${by}, ${note})`,
      )
      return
    }
    default:
      await rows(
        client,
        sql`INSERT INTO rule (kind, id, version, spec, mark, valid_from, changed_by, note)
            VALUES (${kind}, ${id}, ${version}, ${JSON.stringify(next.spec)}::jsonb, ${next.mark}, ${from}, ${by}, ${note})`,
      )
  }
}

async function answer(
  deps: Deps,
  db: Db,
  caller: Caller,
  { kind, now }: Change,
  { versions, next, preview }: { versions: readonly Version[]; next: Version; preview: boolean },
) {
  const before = versions.at(-1)
  const fields = Object.keys({ ...before?.spec, ...next.spec })
  return {
    preview,
    policy: shown(deps.catalogue, kind, next, now),
    before: before ? shown(deps.catalogue, kind, { ...before, valid_to: next.valid_from }, now) : null,
    changes: fields
      .map((field) => ({ field, from: before?.spec[field] ?? null, to: next.spec[field] ?? null }))
      .filter((change) => !isDeepStrictEqual(change.from, change.to)),
    orders: await affected(db, deps.catalogue, caller, { kind, id: next.id, versions: versions.length > 0 ? versions : [next] }),
    names: await namesOf(db, [caller.principal.id, before?.changed_by]),
  }
}
