/** The engine's database is deleted while orders are open: one command later all go on. `npm run drill -- lost-engine` has more of them. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ok, until, verify } from '../support/world.ts'
import { all, contract, insisting, type LostWorld, openLostWorld, populate } from './lost.ts'

const ORDERS = Number(process.env.DRILL_ORDERS ?? 28)
const MOST_MS = process.env.DRILL_ORDERS ? 3_600_000 : 300_000
const say = (line: string) => process.env.DRILL_ORDERS && process.stderr.write(`  ${line}\n`)

let world: LostWorld
beforeAll(async () => {
  world = await openLostWorld()
})
afterAll(() => world?.close())

const rows = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await world.db.pool.query(sql, values)).rows as T[]
const openOrders = () =>
  rows<{ id: string; seq: number; due: Date | null }>(`SELECT id, seq, next_due_at AS due FROM orders WHERE status <> 'closed' ORDER BY id`)

it(
  'goes on with every order after the engine has lost everything',
  async () => {
    const asked = await contract(world)
    const standing = await populate(world, ORDERS - 1)
    const before = await openOrders()
    expect(before.length).toBeGreaterThanOrEqual(ORDERS)
    say(`${before.length} orders are open: ${[...new Set(standing.map(({ what }) => what))].join(', ')}`)

    // A command is on its way when the engine dies; whoever sent it will repeat it.
    const { person } = (await until(world, asked, ({ tasks }) => tasks['countersign-business.1'] !== undefined, 'it is countersigned'))
      .tasks['countersign-business.1']!.parties!.business!
    const key = { 'idempotency-key': randomUUID() }
    const command = { type: 'sign', task: 'countersign-business.1', party: 'business', answer: 'agree' } as const
    const onItsWay = world
      .as(person!)
      .command(asked, command, key)
      .catch(() => undefined)
    await world.lose(true)
    const lost = Date.now()
    // Of many orders the first have fired all their rungs before the last are open.
    const soon = await rows<{ id: string; due: Date }>(
      `SELECT id, next_due_at AS due FROM orders WHERE id = ANY($1) AND next_due_at < now() + interval '20 s' ORDER BY due`,
      standing.filter(({ what }) => what === 'its clock runs').map(({ order }) => order),
    )
    const ticking = soon.map(({ id }) => id)
    expect(ticking.length).toBeGreaterThan(0)
    const wait = Math.max(5_500, soon.at(-1)!.due.getTime() - lost + 300)
    await new Promise((resolve) => setTimeout(resolve, wait))
    await onItsWay
    await world.again()
    say(`the engine was away for ${((Date.now() - lost) / 1_000).toFixed(1)} s and has forgotten everything`)

    const said = await world.operate('cli/rehydrate.ts', '--missing')
    const back = Date.now()
    say(said)
    expect(said).toMatch(
      new RegExp(`^${before.length} open orders: ${before.length} started again, 0 ran; 0 continuations opened, .* 0 failed`),
    )
    expect(await world.operate('cli/rehydrate.ts', '--missing')).toMatch(/ 0 started again/)

    // What came due meanwhile fires once, and says how late.
    await expect
      .poll(async () => (await rows(`SELECT FROM orders WHERE status = 'open' AND next_due_at < $1`, new Date(back))).length, {
        timeout: 30_000,
      })
      .toBe(0)
    const rungs = await rows<{ order_id: string; late_ms: string; due_at: Date; fired_at: Date }>(
      `SELECT order_id, due_at, fired_at, late_ms FROM rung WHERE due_at > $1 AND due_at < $2 AND fired_at > $1`,
      new Date(lost),
      new Date(lost + wait),
    )
    expect([...new Set(rungs.map(({ order_id: id }) => id))]).toEqual(expect.arrayContaining(ticking))
    for (const { fired_at: fired, due_at: due, late_ms: late } of rungs) {
      expect(fired.getTime()).toBeGreaterThanOrEqual(lost + wait)
      expect(Number(late)).toBe(fired.getTime() - due.getTime())
    }
    say(
      `${rungs.length} rungs that came due meanwhile have fired, ${Math.max(...rungs.map(({ late_ms: late }) => Number(late)))} ms late at most`,
    )

    expect((await insisting(world).as(person!).command(asked, command, key)).status).toBe(200)
    await all(standing, ({ goOn }) => goOn())
    say('every order has gone on')

    const after = await openOrders()
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    await all(after, async ({ id }) => {
      const events = await verify(world, id)
      const fired = events.flatMap((event) => (event.type === 'rung-fired' ? [`${event.data.clock} ${event.data.pct}`] : []))
      expect(new Set(fired).size).toBe(fired.length)
      const outcomes = events.flatMap((event) => (event.type === 'task-completed' ? [event.data.task] : []))
      expect(new Set(outcomes).size).toBe(outcomes.length)
    })
    const signed = await rows(`SELECT FROM order_event WHERE order_id = $1 AND type = 'signed'`, asked)
    expect(signed).toHaveLength(1)

    // And the comparison finds nothing to do.
    const { rows: vp } = await world.db.pool.query("SELECT id FROM staff WHERE login = 'vp'")
    await ok(world.as(vp[0].id).post('/health/reconciliations', {}))
    const found = () => world.as(vp[0].id).get<{ checkedAt: string | null; open: object; items: object[] }>('/health/findings')
    await expect.poll(async () => (await found()).body.checkedAt, { timeout: 20_000 }).not.toBeNull()
    expect((await found()).body).toMatchObject({ open: {}, items: [] })
  },
  MOST_MS,
)
