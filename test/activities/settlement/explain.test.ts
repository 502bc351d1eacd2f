import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BusinessScheme } from '../../../domain/settlement/scheme.ts'
import { billLines, billParts } from '../../../prisma/settlement/explain.ts'
import { demoSchemes } from '../../../prisma/settlement/demo-schemes.ts'
import { generateSettlement } from '../../../prisma/settlement/generate.ts'
import { openRun } from '../../../prisma/settlement/runs.ts'
import { saveScheme } from '../../../prisma/settlement/schemes.ts'
import { tryScheme } from '../../../prisma/settlement/try.ts'
import { closeRun, computeBills } from '../../../activities/settlement/bills.ts'
import { choose } from '../../../activities/settlement/choose.ts'
import { extract } from '../../../activities/settlement/extract.ts'
import { computeLines } from '../../../activities/settlement/lines.ts'
import { noPulse } from '../../../activities/settlement/shared.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const AT = Date.parse('2026-11-02T00:00:00Z')
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const { pool } = database
  await generateSettlement(pool, { rows: 4_000, agents: 20, seed: 6, period: '2026-10' })
  await openRun(pool, { order: 'run', department: 'js-market', period: '2026-10', kind: 'commission', at: AT })
  await extract(pool, 'run', AT)
  await choose(pool, 'run', AT)
  await computeLines(pool, 'run', AT, noPulse())
  await computeBills(pool, 'run')
  await closeRun(pool, 'run', AT)
})
afterAll(() => database.drop())

const demo = (id: string) => demoSchemes.find((scheme) => scheme.id === id)!.spec as BusinessScheme

describe('an explained bill', () => {
  it('adds up from each line to the bill, and the slow reference agrees with every line', async () => {
    const { pool } = database
    for (const agent of ['ag-00001', 'ag-00002', 'ag-00003']) {
      const { rows } = await pool.query<{ amount: string; users: number }>(
        "SELECT amount, users FROM settlement_bill WHERE agent_id = $1 AND state = 'settled'",
        [agent],
      )
      const parts = await billParts(pool, 'run', agent)
      expect(parts.reduce((sum, { amount }) => sum + BigInt(amount), 0n)).toBe(BigInt(rows[0]!.amount))
      let [after, sum, users] = ['0', 0n, 0]
      for (;;) {
        const page = await billLines(pool, 'run', agent, after, 100)
        if (page.length === 0) break
        for (const { amount, agrees, explanation } of page) {
          expect(agrees).toBe(true)
          expect(explanation.sentences.length).toBeGreaterThanOrEqual(2)
          sum += BigInt(amount)
          users++
        }
        after = page.at(-1)!.userId
      }
      expect({ sum, users }).toEqual({ sum: BigInt(rows[0]!.amount), users: rows[0]!.users })
    }
  })
})

describe('a scheme tried before its release', () => {
  it('changes nothing where its wording is the same', async () => {
    for (const id of ['bs-mobile-volume', 'bs-mobile-months', 'bs-cloud']) {
      const tried = await tryScheme(database.pool, 'run', id, demo(id))
      expect(tried.length).toBeGreaterThan(2)
      expect(tried.filter(({ difference }) => difference !== '0')).toEqual([])
    }
  })

  it('says by how much each agent would differ', async () => {
    const scheme = { ...demo('bs-fixed'), tiers: [{ from: 0, pay: { fixed: 250 } }] }
    const tried = await tryScheme(database.pool, 'run', 'bs-fixed', scheme)
    expect(tried.length).toBeGreaterThan(2)
    for (const { before, after } of tried) expect(BigInt(after) * 150n).toBe(BigInt(before) * 250n)
  })
})

describe('saving', () => {
  it('refuses a variable out of its scope, and keeps what was there', async () => {
    const client = await database.pool.connect()
    const spec: BusinessScheme = { ...demo('bs-mobile-volume'), settlements: ['unified', 'real-time'] }
    const refused = await saveScheme(client, { id: 'bs-mobile-volume', nameZh: 'x', nameEn: 'x', spec, by: 'me', at: AT })
    expect(refused).toMatchObject({
      saved: false,
      problems: [{ field: 'steps.variable', message: { en: expect.stringContaining('not authorised for real-time') } }],
    })
    const other = await saveScheme(client, { id: 'bs-fixed', nameZh: 'x', nameEn: 'x', spec: demo('bs-cloud'), by: 'me', at: AT })
    expect(other).toMatchObject({ saved: false, problems: [{ field: 'id' }] })
    const unknown = { nature: 'composite', kind: 'commission', schemes: { mobile: 'bs-cloud', fixed: 'nothing' } } as const
    const composite = await saveScheme(client, { id: 'cs-new', nameZh: 'x', nameEn: 'x', spec: unknown, by: 'me', at: AT })
    expect(composite).toMatchObject({ saved: false, problems: [{ field: 'schemes.mobile' }, { field: 'schemes.fixed' }] })
    client.release()
    const { rows } = await database.pool.query("SELECT name_en FROM settlement_scheme WHERE id = 'bs-fixed' OR id = 'cs-new'")
    expect(rows).toEqual([{ name_en: 'Fixed line, a fixed amount' }])
  })
})
