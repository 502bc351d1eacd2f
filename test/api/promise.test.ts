import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { subjectOf } from '../../domain/order/plan.ts'
import { promiseOf } from '../../domain/order/promise.ts'
import { specOf } from '../../domain/processes/index.ts'
import { loadLimits } from '../../prisma/reference.ts'
import { type Caller, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

const HOUR = 60 * MINUTE

let door: Door
let monitor: Caller
let order: string
beforeAll(async () => {
  door = await openDoor()
  monitor = await door.as('monitor')
})
beforeEach(async () => {
  door.now.value = MONDAY
  order = await startFault(door)
})
afterAll(() => door.close())

interface Line {
  step: string
  why: string
  from: string
  until: string
}
interface Answer {
  at: string | null
  firstAt: string | null
  expectedAt: string | null
  moves: { seq: number; at: string; from: string; to: string }[]
  lines: Line[]
}
const promise = async (by: Caller = monitor): Promise<Answer> => {
  const { status, body } = await by.get(`/orders/${order}/promise`)
  expect(status).toBe(200)
  return body as Answer
}
const kept = async () => {
  const { rows } = await door.db.pool.query('SELECT state FROM orders WHERE id = $1', [order])
  return rows[0].state
}
const accept = (at: number) => {
  door.now.value = at
  return monitor.command(order, { type: 'accept', task: 'accept-fault.1' })
}

describe('the promise of an order', () => {
  it('is the recorded one, with what it rests on, in both languages', async () => {
    const answer = await promise()
    expect(answer.at).toBe(new Date((await kept()).clocks.promise.due).toISOString())
    expect([answer.firstAt, answer.expectedAt, answer.moves]).toEqual([answer.at, answer.at, []])
    expect(answer.lines[0]).toEqual({
      step: 'accept-fault',
      title: { en: 'Accept the fault at the monitoring centre', zh: '监控中心统一受理' },
      process: null,
      key: null,
      why: 'open',
      child: null,
      clock: null,
      limit: { en: '15 min', zh: '15分钟' },
      calendar: 'C@1',
      mark: 'default',
      policy: expect.stringMatching(/@1$/),
      from: new Date(MONDAY).toISOString(),
      until: new Date(MONDAY + 15 * MINUTE).toISOString(),
    })
    expect(answer.lines.map(({ step }) => step)).toEqual(specOf('graded-fault').route)
    expect(answer.lines.at(-1)!.until).toBe(answer.at)
    // The repair has its time of an order clock, by the customer's grade and the circuit's.
    expect(answer.lines.find(({ step }) => step === 'repair-fault')).toMatchObject({ clock: 'repair', why: 'ahead' })
  })

  it('moves with the recorder, and says by which event', async () => {
    const before = await promise()
    await accept(MONDAY + 20 * HOUR)
    const after = await promise()
    expect(after.firstAt).toBe(before.at)
    expect(after.moves).toMatchObject([{ at: new Date(MONDAY + 20 * HOUR).toISOString(), from: before.at, to: after.at }])
    const { rows } = await door.db.pool.query('SELECT type, data FROM order_event WHERE order_id = $1 AND seq = $2', [
      order,
      after.moves[0]!.seq,
    ])
    expect(rows[0]).toMatchObject({ type: 'clock-set', data: { clock: 'promise', due: Date.parse(after.at!) } })
    expect(after.expectedAt).toBe(after.at)
  })

  it('is reckoned as the recorder did after every move, also one that asks nobody', async () => {
    const { limits } = await loadLimits(door.db.pool)
    const { rows } = await door.db.pool.query(
      `SELECT c.grade, c.tags, v.product_id AS product, p.product_group, v.circuit_grade FROM orders o JOIN customer c ON c.id = o.customer_id
         JOIN service v ON v.id = o.service_id JOIN product p ON p.id = v.product_id WHERE o.id = $1`,
      [order],
    )
    const [{ grade, tags, product, product_group: productGroup, circuit_grade: circuitGrade }] = rows
    const facts = { customer: { grade, tags }, service: { product, productGroup, circuitGrade: circuitGrade ?? undefined } }
    const same = async () => {
      const state = await kept()
      const spec = specOf('graded-fault')
      const { at, lines } = promiseOf({ spec, specOf, state, limits, subject: subjectOf(state, facts), now: state.at })
      const answer = await promise()
      expect([answer.expectedAt, answer.lines.length]).toEqual([new Date(at).toISOString(), lines.length])
      expect(Math.abs(Date.parse(answer.expectedAt!) - Date.parse(answer.at!))).toBeLessThan(HOUR)
    }
    await same()
    await accept(MONDAY + 5 * HOUR)
    await same()
    await monitor.command(order, { type: 'set-priority', priority: 1 })
    await same()
    door.now.value += 40 * MINUTE
    await monitor.command(order, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
    await same()
    await monitor.command(order, { type: 'complete', task: 'diagnose.1', outcome: 'cleared-remotely', form: { diagnosis: 'd' } })
    await same()
  })

  it('stays to be seen when the order has ended', async () => {
    const before = await promise()
    const supervisor = await door.as('lixin.song')
    expect((await supervisor.command(order, { type: 'withdraw', reason: 'r' })).status).toBe(200)
    expect(await promise()).toMatchObject({ at: before.at, firstAt: before.at, expectedAt: null, lines: [] })
  })

  it('in danger is a rung like any other', async () => {
    const { rungs } = (await kept()).clocks.promise
    door.now.value = rungs[0][1]
    await door.engine.tick(order)
    const { body } = await monitor.get('/breaches?limit=200')
    const own = (body.items as { order: string; clock: string }[]).filter((one) => one.order === order && one.clock === 'promise')
    expect(own).toMatchObject([{ pct: 80, dueAt: new Date(rungs[0][1]).toISOString(), lateMs: 0, settledAt: null }])
    const { rows } = await door.db.pool.query("SELECT template FROM notification WHERE order_id = $1 AND data ->> 'clock' = 'promise'", [
      order,
    ])
    expect([...new Set(rows.map(({ template }) => template))]).toEqual(['promise-in-danger'])
    // Nobody has taken it in for as long: what can be promised has gone back with the same move, and 80 percent do not fire again.
    const moved = (await kept()).clocks.promise
    expect([moved.fired, moved.rungs.map(([pct]: [number]) => pct)]).toEqual([[80], [100]])
    expect(moved.due).toBeGreaterThan(rungs[1][1])
  })

  it('is out of sight where the order is', async () => {
    expect((await (await door.as('ran.wei')).get(`/orders/${order}/promise`)).status).toBe(404)
    expect((await monitor.get('/orders/onone/promise')).status).toBe(404)
  })
})
