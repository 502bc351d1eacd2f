import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { abilityFor, above, mayGive, onLine } from '../../../api/auth/ability.ts'
import { actorOf } from '../../../api/auth/actor.ts'
import { loadPrincipal, type Principal } from '../../../api/auth/principal.ts'
import { contractCountersignSpec } from '../../../domain/processes/contract-countersign.ts'
import { person } from '../../../prisma/seed/organisation.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

let db: TestDatabase
const NOW = new Date('2026-01-05T01:00:00Z')
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(() => db.pool.query('DELETE FROM delegation; DELETE FROM absence'))

const idOf = (login: string) => person(login).id
const load = async (login: string, now = NOW): Promise<Principal> => (await loadPrincipal(db.pool, idOf(login), now))!

const absent = (login: string, from = '2026-01-01', to = '2026-02-01') =>
  db.pool.query("INSERT INTO absence VALUES ('a-' || $1, $1, $2, $3, 'away')", [idOf(login), from, to])
const delegates = (from: string, to: string, roles: string[] = [], since = '2026-01-01', until = '2026-02-01') =>
  db.pool.query("INSERT INTO delegation VALUES ('d-' || $1, $1, $2, $3, $4, $5)", [idOf(from), idOf(to), since, until, roles])

const byId = ([a]: readonly unknown[], [b]: readonly unknown[]) => (String(a) < String(b) ? -1 : 1)

describe('for whom a person stands', () => {
  const stands = async (login: string, now = NOW) => (await load(login, now)).standsFor.map(({ id, roles }) => [id, roles])

  it('is an absent colleague who has named the person, for as long as both last', async () => {
    await absent('engineer', '2026-01-02', '2026-01-10')
    await delegates('engineer', 'hao.yuan', [], '2026-01-04', '2026-01-08')
    const at = (instant: string) => stands('hao.yuan', new Date(instant))
    expect(await at('2026-01-03T23:59:59.999Z')).toEqual([])
    expect(await at('2026-01-04T00:00:00Z')).toEqual([[idOf('engineer'), null]])
    expect(await at('2026-01-07T23:59:59.999Z')).toEqual([[idOf('engineer'), null]])
    expect(await at('2026-01-08T00:00:00Z')).toEqual([])
  })

  it('is nobody who is present', async () => {
    await delegates('engineer', 'hao.yuan')
    expect(await stands('hao.yuan')).toEqual([])
  })

  it('goes on from one absent colleague to the next', async () => {
    await absent('engineer')
    await absent('hao.yuan')
    await delegates('engineer', 'hao.yuan')
    await delegates('hao.yuan', 'chaoqun.deng')
    expect(await stands('chaoqun.deng')).toEqual(
      [
        [idOf('engineer'), null],
        [idOf('hao.yuan'), null],
      ].sort(byId),
    )
  })

  it('does not go through a colleague who is there to do it', async () => {
    await absent('engineer')
    await delegates('engineer', 'hao.yuan')
    await delegates('hao.yuan', 'chaoqun.deng')
    expect(await stands('chaoqun.deng')).toEqual([])
  })

  it('ends where a circle closes', async () => {
    for (const login of ['engineer', 'hao.yuan', 'chaoqun.deng']) await absent(login)
    await delegates('engineer', 'hao.yuan')
    await delegates('hao.yuan', 'chaoqun.deng')
    await delegates('chaoqun.deng', 'engineer')
    expect((await stands('engineer')).map(([id]) => id)).toEqual([idOf('hao.yuan'), idOf('chaoqun.deng')].sort())
  })

  it('narrows to the roles that every link of the chain has delegated', async () => {
    await absent('director')
    await absent('zhiqiang.han')
    await delegates('director', 'zhiqiang.han', ['kac-director', 'supervisor'])
    await delegates('zhiqiang.han', 'kac', ['supervisor', 'kac-staff'])
    expect(await stands('kac')).toEqual(
      [
        [idOf('director'), ['supervisor']],
        [idOf('zhiqiang.han'), ['supervisor', 'kac-staff']],
      ].sort(byId),
    )
  })

  it('leaves out who has left', async () => {
    await absent('engineer')
    await delegates('engineer', 'hao.yuan')
    await db.pool.query('UPDATE staff SET active = false WHERE id = $1', [idOf('engineer')])
    expect(await stands('hao.yuan')).toEqual([])
    await db.pool.query('UPDATE staff SET active = true WHERE id = $1', [idOf('engineer')])
  })
})

describe('the actor of a command', () => {
  const review = contractCountersignSpec.steps['director-review']
  const draft = contractCountersignSpec.steps['draft-contract']

  it('has roles, units and those for whom the delegation reaches the step', async () => {
    await absent('director')
    await delegates('director', 'kac', ['kac-director'])
    const kac = await load('kac')
    expect(await actorOf(db.pool, kac, { openedAt: NOW, step: draft })).toEqual({
      kind: 'person',
      id: kac.id,
      roles: kac.roles,
      units: ['nj-kac'],
    })
    expect(await actorOf(db.pool, kac, { openedAt: NOW, step: review })).toMatchObject({ standsFor: [idOf('director')] })
    expect(await actorOf(db.pool, kac, { openedAt: NOW, step: review, roles: ['finance-dept'] })).not.toHaveProperty('standsFor')
  })

  it('has the rule of the authority table for role and level, where the step asks', async () => {
    const authority = async (login: string) => (await actorOf(db.pool, await load(login), { openedAt: NOW, step: review })).authority
    expect(await authority('director')).toEqual({
      rule: 'kac-director-province@1',
      maxAmount: 500_000_000,
      maxTermMonths: 36,
      maxDiscountPct: 20,
    })
    expect(await authority('zhiqiang.han')).toEqual({
      rule: 'kac-director-city@1',
      maxAmount: 100_000_000,
      maxTermMonths: 24,
      maxDiscountPct: 10,
    })
    expect(await authority('kac')).toBeUndefined()
    expect((await actorOf(db.pool, await load('director'), { openedAt: NOW, step: draft })).authority).toBeUndefined()
  })

  it('has the rule of the absent colleague, where there is none of his own', async () => {
    await absent('director')
    await delegates('director', 'kac')
    await delegates('zhiqiang.han', 'wentao.lu')
    expect((await actorOf(db.pool, await load('kac'), { openedAt: NOW, step: review })).authority?.rule).toBe('kac-director-province@1')
    expect((await actorOf(db.pool, await load('wentao.lu'), { openedAt: NOW, step: review })).authority).toBeUndefined()
  })

  it('goes by the latest version that is in force', async () => {
    await db.pool.query(
      "INSERT INTO authority_rule VALUES ('kac-director-province', 2, 'kac-director', 'province', 1, 1, 1, '2026-01-05'), ('kac-director-province', 3, 'kac-director', 'province', 9, 9, 9, '2026-02-01')",
    )
    const at = async (now: Date) => (await actorOf(db.pool, await load('director'), { openedAt: now, step: review })).authority?.rule
    expect(await at(new Date('2026-01-04T00:00:00Z'))).toBe('kac-director-province@1')
    expect(await at(NOW)).toBe('kac-director-province@2')
    expect(await at(new Date('2026-02-02T00:00:00Z'))).toBe('kac-director-province@3')
    await db.pool.query('DELETE FROM authority_rule WHERE version > 1')
  })

  it("of another company has no supervisor's word", async () => {
    const vendor = await load('vendor')
    expect(vendor.roles).toContain('supervisor')
    expect((await actorOf(db.pool, vendor, { openedAt: NOW })).roles).toEqual(['vendor'])
    expect(mayGive(abilityFor(vendor), 'withdraw')).toBe(false)
  })
})

describe('regions', () => {
  it('lie in others', () => {
    expect(above('/cn/js/nj')).toEqual(['/cn/js/nj', '/cn/js', '/cn'])
  })

  it('one may name are below and above, not beside', async () => {
    const principal = await load('engineer')
    expect(['/cn/js/nj', '/cn/js/nj/gulou', '/cn/js', '/cn'].every((region) => onLine(principal, region))).toBe(true)
    expect(['/cn/js/sz', '/cn/js/njx', '/cn/js/sz/wuzhong', '/cn/zj'].some((region) => onLine(principal, region))).toBe(false)
  })
})
