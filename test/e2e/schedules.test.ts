/** Time starts orders, on the real engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, replays, until, verify, type World } from '../support/world.ts'

let world: World
let boss: string
beforeAll(async () => {
  world = await openWorld()
  boss = (await world.db.pool.query("SELECT id FROM staff WHERE login = 'vp'")).rows[0].id
})
afterAll(async () => {
  await world?.as(boss).post('/schedules/suggestions', suggestions({ paused: true }))
  await world?.client.schedule.getHandle('schedule-suggestions').delete()
  await world?.close()
})

type Item = Record<string, any>
const suggestions = (more: object = {}) => ({
  process: 'return-visit',
  title: 'Visits of the quarter',
  customerId: 'cu-020',
  input: { occasion: 'own-plan', customers: ['cu-020'] },
  cron: '0 8 1 */3 *',
  ...more,
})

describe('a schedule', () => {
  it('opens an order for the instant that it means, once, and links it', async () => {
    const put = await world.as(boss).post<Item>('/schedules/suggestions', suggestions())
    expect([put.status, put.body.code]).toEqual([201, undefined])
    expect((put.body.next as string[])[0]).toMatch(/-(01|04|07|10)-01T00:00:00/)

    // A run that was missed, as the engine makes up for it: at the instant that was meant, twice asked for, once opened.
    const handle = world.client.schedule.getHandle('schedule-suggestions')
    const missed = { start: new Date('2026-06-30T00:00:00Z'), end: new Date('2026-07-02T00:00:00Z'), overlap: 'ALLOW_ALL' as const }
    await handle.backfill(missed)
    const order = 'sched-suggestions-20260701000000000'
    const state = await until(world, order, ({ status }) => status === 'open', 'the order opens')
    const { region_path: region, grade } = (await world.db.pool.query("SELECT * FROM customer WHERE id = 'cu-020'")).rows[0]
    expect(state).toMatchObject({ customer: 'cu-020', region, startedBy: 'schedule:suggestions', facts: { customerGrade: grade } })
    const [opened] = await verify(world, order)
    expect(opened!.actor).toEqual({ kind: 'system', id: 'schedule' })
    await replays(world, order)
    await handle.backfill(missed)

    const now = await world.as(boss).post('/schedules/suggestions/runs', {})
    expect(now.status).toBe(202)
    const runs = async () => (await world.as(boss).get<{ items: Item[] }>('/schedules/suggestions/runs')).body.items
    await expect.poll(async () => (await runs()).map(({ status }) => status), { timeout: 10_000 }).toEqual(['open', 'open'])
    expect((await runs())[1]).toMatchObject({ at: '2026-07-01T00:00:00.000Z', order, status: 'open' })
  })
})
