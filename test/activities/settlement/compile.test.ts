/** The compiled SQL against the slow reference, for schemes of every kind. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BusinessScheme, UserRecord } from '../../../domain/settlement/scheme.ts'
import { byVolume, settleUser, tierAt, volumeOf } from '../../../domain/settlement/settle.ts'
import { byScheme, linesSql, volumeSql, volumeTierSql } from '../../../prisma/settlement/compile.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { businessScheme, userRecord } from '../../domain/settlement/arbitrary.ts'

const PERIOD = '2026-10'
let database: TestDatabase
let users: (UserRecord & { id: string })[]

beforeAll(async () => {
  database = await createTestDatabase()
  const records = fc.sample(userRecord, { numRuns: 150, seed: 1 }).filter(({ businessType }) => businessType === 'mobile')
  const rows = records.map((user, i) => ({
    ...user,
    n: i,
    fees: Object.fromEntries(Object.entries(user.fees).map(([fee, fen]) => [fee, String(fen)])),
  }))
  const { rows: ids } = await database.pool.query<{ id: string }>(
    `INSERT INTO settlement_user (load_id, period, agent_id, user_no, business_type, package, region, joined_on, fee_rent, fee_call, fee_data, fee_message, fee_other)
     SELECT 1, $2, 'a', r.n::text, "businessType", package, region, "joinedOn", (fees ->> 'rent')::bigint, (fees ->> 'call')::bigint, (fees ->> 'data')::bigint,
       (fees ->> 'message')::bigint, (fees ->> 'other')::bigint
     FROM jsonb_to_recordset($1::jsonb) AS r (n int, "businessType" text, package text, region text, "joinedOn" date, fees jsonb) ORDER BY r.n RETURNING id`,
    [JSON.stringify(rows), PERIOD],
  )
  users = records.map((user, i) => ({ ...user, id: ids[i]!.id }))
})
afterAll(() => database.drop())

/** Several schemes in one statement, as in a run: agent n has scheme n. */
async function compiled(schemes: readonly BusinessScheme[]) {
  const versions = schemes.map((scheme, i) => ({ no: i + 1, scheme }))
  const volume = byScheme(
    's.no',
    versions.filter(({ scheme }) => byVolume(scheme)),
    (scheme) => volumeSql(scheme, PERIOD),
    '0',
  )
  const tier = byScheme(
    'v.no',
    versions.filter(({ scheme }) => byVolume(scheme)),
    (scheme) => volumeTierSql(scheme, 'v.volume'),
    'NULL',
  )
  const choice = `(SELECT v.no AS scheme_no, ${tier} AS tier, v.volume FROM (SELECT s.no, sum(${volume})::bigint AS volume
    FROM generate_series(1, ${schemes.length}) AS s (no), settlement_user u GROUP BY 1) v)`
  const { rows } = await database.pool.query<{ no: number; id: string; tier: number; basis: string; amount: string }>(
    `SELECT scheme_no AS no, user_id AS id, tier, basis, amount FROM (${linesSql(versions, PERIOD, `FROM settlement_user u, ${choice} c`)}) l`,
  )
  return new Map(rows.map(({ no, id, ...line }) => [`${no}/${id}`, line]))
}

it('computes what the reference computes, fen for fen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(businessScheme, { minLength: 1, maxLength: 5 }), async (schemes) => {
      const lines = await compiled(schemes)
      expect(lines.size).toBe(schemes.length * users.length)
      schemes.forEach((scheme, i) => {
        const volume = byVolume(scheme) ? volumeOf(scheme, users, PERIOD) : undefined
        for (const user of users) {
          const { tier, basis, amount } = settleUser(scheme, user, PERIOD, volume)
          expect(lines.get(`${i + 1}/${user.id}`)).toEqual({ tier, basis: String(basis), amount: String(amount) })
        }
        if (volume !== undefined) expect(tierAt(scheme.tiers, volume)).toBeGreaterThanOrEqual(0)
      })
    }),
    { numRuns: 150 },
  )
})
