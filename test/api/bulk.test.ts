/** Handing out work: many tasks at once, each decided on its own, and who could do one. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { person } from '../../prisma/seed/organisation.ts'
import { type Caller, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
let boss: Caller
beforeAll(async () => {
  door = await openDoor()
  boss = await door.as('vp')
})
afterAll(() => door.close())

type Item = Record<string, any>

/** Orders whose first task waits for somebody, in Nanjing. */
const waiting = (n: number) => Promise.all(Array.from({ length: n }, () => startFault(door)))
const items = (orders: readonly string[], task = 'accept-fault.1') => orders.map((order) => ({ order, task }))
const bulk = (body: object, headers: Record<string, string> = {}, by = boss) => by.post('/tasks/bulk', body, headers)
const holders = async (orders: readonly string[]) =>
  (
    await door.db.pool.query<{ person: string | null }>(
      "SELECT t.person_id AS person FROM unnest($1::text[]) WITH ORDINALITY o (id, n) JOIN task t ON t.order_id = o.id AND t.task = 'accept-fault.1' ORDER BY o.n",
      [orders],
    )
  ).rows.map((row) => row.person)
const commands = async (orders: readonly string[]): Promise<number> =>
  (await door.db.pool.query("SELECT 1 FROM order_command WHERE order_id = ANY ($1) AND command_id LIKE '%/%'", [orders])).rows.length

describe('many at once', () => {
  it('are dispatched, reassigned and urged, with a result for each', async () => {
    const orders = await waiting(12)
    const dispatched = await bulk({ type: 'dispatch', items: items(orders), person: person('monitor').id })
    expect(dispatched.status).toBe(200)
    expect(dispatched.body.results.map(({ order, task, ok }: Item) => [order, task, ok])).toEqual(
      orders.map((order) => [order, 'accept-fault.1', true]),
    )
    expect(await holders(orders)).toEqual(orders.map(() => person('monitor').id))
    const { body } = await bulk({ type: 'reassign', items: items(orders), person: person('lixin.song').id, reason: 'he is here' })
    expect(body.results.every(({ ok }: Item) => ok)).toBe(true)
    expect(await holders(orders)).toEqual(orders.map(() => person('lixin.song').id))
    for (const { order, seq } of body.results as Item[])
      expect((await boss.get(`/orders/${order}`)).body.version).toBeGreaterThanOrEqual(seq)
    const urged = await bulk({ type: 'urge', items: items(orders.slice(0, 3)), note: 'the customer calls' })
    expect(urged.body.results.map(({ ok }: Item) => ok)).toEqual([true, true, true])
    expect(await commands(orders)).toBe(12 + 12 + 3)
  })

  it('of which some are refused: the others are done, and each says why not', async () => {
    const [good, taken, gone, far] = await waiting(4)
    const monitor = await door.as('monitor')
    await monitor.command(taken!, { type: 'accept', task: 'accept-fault.1' })
    const suzhou = await startFault(door, { region: '/cn/js/sz' })
    const lead = await door.as('lixin.song')
    const list = [...items([good!, taken!]), { order: gone!, task: 'accept-fault.9' }, ...items(['onone', suzhou, far!])]
    const { status, body } = await bulk({ type: 'dispatch', items: list, person: person('monitor').id }, {}, lead)
    expect(status).toBe(200)
    expect(body.results.map(({ ok, problem }: Item) => (ok ? 'done' : [problem.code, problem.status]))).toEqual([
      'done',
      ['ALREADY_ACCEPTED', 409],
      ['NO_SUCH_TASK', 404],
      ['NOT_FOUND', 404],
      ['NOT_FOUND', 404],
      'done',
    ])
    expect(body.results[1].problem.title).toContain('reassign it instead')
    const zh = await bulk({ type: 'dispatch', items: items([taken!]), person: person('monitor').id }, { 'Accept-Language': 'zh' }, lead)
    expect(zh.body.results[0].problem.title).toContain('转派')
  })

  it('that name nobody, or somebody who cannot do it, are refused one by one', async () => {
    const orders = await waiting(2)
    const nobody = await bulk({ type: 'dispatch', items: items(orders) })
    expect(nobody.body.results.map(({ problem }: Item) => problem.code)).toEqual(['TARGET_REQUIRED', 'TARGET_REQUIRED'])
    const unfit = await bulk({ type: 'dispatch', items: items(orders), person: person('finance').id })
    expect(unfit.body.results[0].problem).toMatchObject({ code: 'UNFIT_TARGET', errors: [{ field: 'person', code: 'UNFIT_TARGET' }] })
  })

  it('are answered the same when repeated, and nothing is done twice', async () => {
    const [good, later] = await waiting(2)
    const key = { 'Idempotency-Key': randomUUID() }
    await (await door.as('monitor')).command(later!, { type: 'accept', task: 'accept-fault.1' })
    const body = { type: 'dispatch', items: items([good!, later!]), person: person('monitor').id }
    const first = await bulk(body, key)
    expect(first.body.results.map(({ ok }: Item) => ok)).toEqual([true, false])
    // What was refused would go through by now.
    await (await door.as('monitor')).command(later!, { type: 'return', task: 'accept-fault.1', reason: 'ill' })
    const again = await bulk(body, key)
    expect([again.body, again.headers['idempotent-replayed']]).toEqual([first.body, 'true'])
    expect(await commands([good!, later!])).toBe(1)
    const other = await bulk({ ...body, items: items([good!]) }, key)
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
    const [one, two] = await Promise.all([bulk(body, { 'Idempotency-Key': 'both' }), bulk(body, { 'Idempotency-Key': 'both' })])
    expect(two.body).toEqual(one.body)
  })

  it('that the engine did not get are done by the repeat, each once', async () => {
    const orders = await waiting(3)
    const key = { 'Idempotency-Key': randomUUID() }
    const body = { type: 'dispatch', items: items(orders), person: person('monitor').id }
    door.engine.mood = 'late-after'
    const late = await bulk(body, key)
    expect(late.body.results.map(({ ok, pending }: Item) => [ok, pending])).toEqual(orders.map(() => [false, true]))
    door.engine.mood = 'down'
    const fresh = await waitingWhileDown()
    const down = await bulk({ ...body, items: items(fresh) }, { 'Idempotency-Key': 'down' })
    expect(down.body.results.map(({ problem }: Item) => problem.code)).toEqual(['ENGINE_UNAVAILABLE'])
    door.engine.mood = 'well'
    const again = await bulk(body, key)
    expect(again.body.results.map(({ ok }: Item) => ok)).toEqual([true, true, true])
    expect(await commands(orders)).toBe(3)
    expect((await bulk({ ...body, items: items(fresh) }, { 'Idempotency-Key': 'down' })).body.results[0].ok).toBe(true)
  })

  it.each<[string, string, object, number, string]>([
    ['without items', 'vp', { type: 'urge', items: [] }, 422, 'VALIDATION_FAILED'],
    [
      'with more than a hundred',
      'vp',
      { type: 'urge', items: items(Array.from({ length: 101 }, (_, i) => `o${i}`)) },
      422,
      'VALIDATION_FAILED',
    ],
    ['with a task twice', 'vp', { type: 'urge', items: items(['o1', 'o1']) }, 422, 'VALIDATION_FAILED'],
    ['to reassign without a reason', 'vp', { type: 'reassign', items: items(['o1']), person: 'st-001' }, 422, 'VALIDATION_FAILED'],
    ['of another kind', 'vp', { type: 'withdraw', items: items(['o1']), reason: 'x' }, 422, 'VALIDATION_FAILED'],
    ['by whom it is not for', 'engineer', { type: 'dispatch', items: items(['o1']), person: 'st-001' }, 403, 'NOT_ALLOWED'],
    ['by an auditor', 'auditor', { type: 'urge', items: items(['o1']) }, 403, 'NOT_ALLOWED'],
  ])('%s are not taken at all', async (_what, login, body, status, code) => {
    const answer = await bulk(body, {}, await door.as(login))
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })
})

/** An order opened before, since nothing can be opened while the engine is down. */
async function waitingWhileDown(): Promise<string[]> {
  door.engine.mood = 'well'
  const orders = await waiting(1)
  door.engine.mood = 'down'
  return orders
}

describe('candidates', () => {
  const candidates = async (order: string, by = boss, task = 'accept-fault.1') => by.get(`/tasks/${order}/${task}/candidates`)

  it('are those whom the machine would ask, in its sequence and with its reasons', async () => {
    const order = await startFault(door)
    const { status, body } = await candidates(order)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      step: 'accept-fault',
      mode: 'auto',
      rule: 'default@1',
      roles: expect.arrayContaining(['monitor-centre']) as string[],
    })
    const scores = (body.items as Item[]).filter(({ not }) => not === null).map(({ score }) => score as number)
    expect(scores.length).toBeGreaterThan(2)
    expect([...scores].sort((a, b) => b - a)).toEqual(scores)
    const best = body.items[0] as Item
    expect(best.score).toBe(Object.values(best.parts as Record<string, number>).reduce((sum, part) => sum + part, 0))
    // Those of the other city come last, and say why.
    expect(body.items.find((item: Item) => item.person === person('xue.feng').id)).toMatchObject({
      not: 'out-of-region',
      score: null,
      parts: null,
    })
    expect(body.names[best.person].zh).toBeTruthy()
  })

  it('say who has as much as he can take, who is away, and who gave it back', async () => {
    const order = await startFault(door)
    const of = async (login: string) => ((await candidates(order)).body.items as Item[]).find((item) => item.person === person(login).id)!
    await door.db.pool.query('UPDATE staff SET capacity = 0 WHERE id = $1', [person('xiang.gao').id])
    await door.db.pool.query("INSERT INTO absence VALUES ('a1', $1, $2, $3, 'ill')", [
      person('yan.luo').id,
      new Date(MONDAY),
      new Date(MONDAY + MINUTE),
    ])
    const monitor = await door.as('monitor')
    await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })
    await monitor.command(order, { type: 'return', task: 'accept-fault.1', reason: 'not mine' })
    expect(await of('xiang.gao')).toMatchObject({ not: 'at-capacity', capacity: 0 })
    expect(await of('yan.luo')).toMatchObject({ not: 'absent' })
    expect(await of('monitor')).toMatchObject({ not: 'not-again' })
    door.now.value = MONDAY + MINUTE
    expect(await of('yan.luo')).toMatchObject({ not: null })
    door.now.value = MONDAY
    await door.db.pool.query('UPDATE staff SET capacity = NULL; DELETE FROM absence')
  })

  it('are told to dispatchers of the place, for tasks that are open', async () => {
    const order = await startFault(door)
    const code = async (login: string) => {
      const { status, body } = await candidates(order, await door.as(login))
      return status === 200 ? 'told' : (body.code as string)
    }
    expect([await code('monitor'), await code('vp'), await code('xue.feng'), await code('vendor')]).toEqual([
      'told',
      'told',
      'NOT_FOUND',
      'NOT_FOUND',
    ])
    expect([await code('auditor'), await code('engineer')]).toEqual(['NOT_ALLOWED', 'NOT_ALLOWED'])
    for (const task of ['accept-fault.2', 'toString', 'none']) expect((await candidates(order, boss, task)).status).toBe(404)
  })

  it('who is full is not asked by the recorder either', async () => {
    const known = await startFault(door, { region: '/cn/js/nj' })
    const { rows } = await door.db.pool.query<{ unit: string }>(
      "SELECT unit_id AS unit FROM task WHERE order_id = $1 AND task = 'accept-fault.1'",
      [known],
    )
    await door.db.pool.query('UPDATE staff SET capacity = 0 WHERE id IN (SELECT staff_id FROM staff_role WHERE unit_id = $1)', [
      rows[0]!.unit,
    ])
    const order = await startFault(door, { region: '/cn/js/nj' })
    const offer = (await boss.get(`/tasks/${order}/accept-fault.1/offer`)).body.items[0].explanation
    expect(offer.chosen.unit).not.toBe(rows[0]!.unit)
    const full = offer.candidates.filter(({ unit }: Item) => unit === rows[0]!.unit)
    expect([full.length > 0, full.every(({ not }: Item) => not === 'at-capacity')]).toEqual([true, true])
    await door.db.pool.query('UPDATE staff SET capacity = NULL')
  })
})
