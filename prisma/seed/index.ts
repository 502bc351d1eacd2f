/** Demo data: a province with its people, customers, services and limits. The same on every run, but for absences, which are live. */
import { hash } from '@node-rs/argon2'
import type pg from 'pg'
import { roles } from '../../domain/roles.ts'
import { specs } from '../../domain/processes/index.ts'
import { calendarC, calendarW } from './calendars.ts'
import { contactRows, contractRows, contractVersionRows, customerRows, serviceRows, siteRows } from './customers.ts'
import { ladders } from './ladders.ts'
import { modelRows } from './models.ts'
import { absenceRows, delegationRows, leaderRows, roleRows, shiftRows, skillRows, staffRows, unitRows } from './organisation.ts'
import { allPolicies } from './policies.ts'
import { productRows } from './products.ts'
import { regions } from './regions.ts'
import { resourceRows, solutionModelRows } from './resources.ts'
import { insertRows, type Row } from './rows.ts'
import { ruleRows } from './rules.ts'
import { units } from './units.ts'

/** Everybody in the demo data has this password. */
export const demoPassword = 'demo'

/** People to log in as, one per kind of work. */
export const demoLogins: readonly { login: string; password: string; role: string; nameEn: string; nameZh: string }[] = units
  .flatMap((unit) => unit.members)
  .flatMap((m) =>
    m.login ? [{ login: m.login, password: demoPassword, role: roles[m.roles[0] ?? 'auditor'].title.en, nameEn: m.en, nameZh: m.zh }] : [],
  )

/** Limits hold from here on, whenever the seeding happened, so that imported orders of the past find theirs. */
const VALID_FROM = '2024-01-01T00:00:00+08:00'
/** Any number that nobody else locks. */
const LOCK = 7_202_611

/**
 * Writes the demo data in one transaction, unless the database already has people or customers.
 * Two that run at once: the second waits, finds the data and does nothing.
 * @param now epoch ms around which the absences lie
 */
export async function seedDemo(pool: pg.Pool, now = Date.now()): Promise<{ seeded: boolean }> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const { rows } = await client.query<{ full: boolean }>(
      'SELECT EXISTS (SELECT FROM staff) OR EXISTS (SELECT FROM customer) OR EXISTS (SELECT FROM policy) AS "full"',
    )
    const seeded = !rows[0]?.full
    if (seeded) await seedAll(client, now)
    await client.query('COMMIT')
    return { seeded }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

async function seedAll(client: pg.PoolClient, now: number): Promise<void> {
  // one hash for all: the password is no secret, and sixty would take a second
  const passwordHash = await hash(demoPassword)
  await insertRows(client, 'region', regions)
  await insertRows(client, 'org_unit', unitRows())
  await insertRows(client, 'staff', staffRows(passwordHash))
  await client.query(
    'UPDATE org_unit SET leader_id = l.leader_id FROM jsonb_to_recordset($1::jsonb) AS l (id text, leader_id text) WHERE org_unit.id = l.id',
    [JSON.stringify(leaderRows())],
  )
  await insertRows(client, 'staff_role', roleRows())
  await insertRows(client, 'staff_skill', skillRows())
  await insertRows(client, 'shift', shiftRows())
  await insertRows(client, 'absence', absenceRows(now))
  await insertRows(client, 'delegation', delegationRows(now))

  await insertRows(client, 'product', productRows())
  await insertRows(client, 'customer', customerRows())
  await insertRows(client, 'contact', contactRows())
  await insertRows(client, 'contract', contractRows())
  await insertRows(client, 'contract_version', contractVersionRows())
  await insertRows(client, 'site', siteRows())
  await insertRows(client, 'service', serviceRows())
  await insertRows(client, 'resource', resourceRows())
  await insertRows(client, 'solution_model', solutionModelRows())

  const calendars = [calendarC, calendarW].map((spec) => ({ id: spec.id, version: spec.version, spec, valid_from: VALID_FROM }))
  await insertRows(client, 'calendar', calendars)
  const rungs = Object.entries(ladders).map(([id, list]) => ({ id, version: 1, rungs: list.rungs, valid_from: VALID_FROM }))
  await insertRows(client, 'ladder', rungs)
  await insertRows(client, 'authority_rule', authority)
  const policies = allPolicies(specs).map((row) => ({ ...row, valid_from: VALID_FROM, version: 1 }))
  await insertRows(client, 'policy', policies)
  await insertRows(client, 'rule', ruleRows(VALID_FROM))
  await insertRows(client, 'retention_model', modelRows(VALID_FROM))
}

const rule = (level: string, maxAmount: number, maxTermMonths: number, maxDiscountPct: number): Row => ({
  id: `kac-director-${level}`,
  version: 1,
  role: 'kac-director',
  level,
  max_amount: maxAmount,
  max_term_months: maxTermMonths,
  max_discount_pct: maxDiscountPct,
  valid_from: VALID_FROM,
})

/** What a director approves alone (P-04 rule 2): amount in fen, term, discount. Default values. */
const authority = [rule('province', 500_000_000, 36, 20), rule('city', 100_000_000, 24, 10), rule('county', 0, 0, 0)]
