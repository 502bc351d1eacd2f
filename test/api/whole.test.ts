import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
  const order = await startFault(door)
  door.now.value = MONDAY + 60 * MINUTE
  await door.engine.tick(order)
})
afterAll(() => door.close())

describe('GET /health', () => {
  it('tells how the whole is, to supervisors and auditors', async () => {
    const supervisor = await door.as('supervisor')
    const { status, body } = await supervisor.get('/health')
    expect(status).toBe(200)
    expect(body.parts.find(({ id }: { id: string }) => id === 'database').state).not.toBe('failed')
    expect(body.orphans).toBeNull()
    expect(body.timers.fired).toBeGreaterThan(0)
    door.engine.mood = 'down'
    const down = (await supervisor.get('/health')).body
    expect([down.state, down.parts.find(({ id }: { id: string }) => id === 'engine').state]).toEqual(['failed', 'failed'])
    door.engine.mood = 'well'
    expect((await (await door.as('auditor')).get('/health')).status).toBe(200)
    for (const login of ['monitor', 'engineer', 'vendor', 'finance']) expect((await (await door.as(login)).get('/health')).status).toBe(403)
  })

  it('names the clock that nobody has heard', async () => {
    const order = await startFault(door)
    door.now.value += 60 * MINUTE
    await door.db.pool.query(`UPDATE orders SET next_due_at = $2 WHERE id = $1`, [order, new Date(door.now.value - 40 * MINUTE)])
    const { body } = await (await door.as('vp')).get('/health')
    expect(body.moves.unrecorded).toMatchObject({ order })
    expect(body.parts.find(({ id }: { id: string }) => id === 'clock').state).toBe('failed')
  })
})
