import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkAdminLog } from '../../prisma/admin-log.ts'
import { type Caller, type Door, openDoor, startFault } from './support/door.ts'

let door: Door
let vp: Caller
beforeAll(async () => {
  door = await openDoor()
  vp = await door.as('vp')
})
afterAll(() => door.close())

const specOf = async () => (await vp.get('/calendars/W')).body.calendar.spec

describe('calendars', () => {
  it('are read by all of ours, year by year; unpublished years are marked', async () => {
    const monitor = await door.as('monitor')
    expect((await monitor.get('/calendars')).body.items.map(({ id }: { id: string }) => id)).toEqual(['C', 'W'])
    const { body } = await monitor.get('/calendars/W')
    expect([body.year, body.provisional, body.days.length]).toEqual([2026, false, 365])
    expect((await monitor.get('/calendars/W?year=2030')).body.provisional).toBe(true)
    expect((await monitor.get('/calendars/C?year=2030')).body.provisional).toBe(false)
    expect((await monitor.get('/calendars/none')).status).toBe(404)
    expect((await (await door.as('vendor')).get('/calendars')).status).toBe(403)
  })

  it('show what a change would do before it is made, and the orders that it concerns', async () => {
    const order = await startFault(door)
    const spec = await specOf()
    const body = { spec: { ...spec, holidays: [...spec.holidays, '2026-03-03'] }, note: '临时放假' }
    const preview = await vp.post('/calendars/W?preview=true', body)
    expect([preview.status, preview.body.preview, preview.body.fields]).toEqual([200, true, ['holidays']])
    expect(preview.body.days).toMatchObject([{ date: '2026-03-03', from: { kind: 'work' }, to: { kind: 'holiday', work: 0 } }])
    expect((await vp.get('/calendars/W')).body.calendar.version).toBe(preview.body.before.version)
    const around = await vp.get('/calendars/C')
    const continuous = await vp.post('/calendars/C?preview=true', {
      spec: { ...around.body.calendar.spec, publishedYears: [2026] },
      note: 'x',
    })
    expect(continuous.body.orders.items.map(({ id }: { id: string }) => id)).toContain(order)

    const made = await vp.post('/calendars/W', body, { 'If-Match': `"${preview.body.before.version}"`, 'Idempotency-Key': 'c1' })
    expect([made.status, made.body.calendar.version]).toEqual([201, preview.body.before.version + 1])
    expect((await vp.post('/calendars/W', body, { 'If-Match': `"${preview.body.before.version}"`, 'Idempotency-Key': 'c1' })).status).toBe(
      200,
    )
    expect((await vp.post('/calendars/W', body, { 'If-Match': `"${preview.body.before.version}"` })).body.code).toBe('POLICY_CHANGED')
    const { rows } = await door.db.pool.query("SELECT subject FROM admin_log WHERE action = 'calendar-changed'")
    expect(rows).toEqual([{ subject: 'W' }])
    expect((await checkAdminLog(door.db.pool)).broken).toBeNull()
    // The planner reckons with it: nothing of the order's limits was lost.
    door.now.value += 60_000
    expect(await startFault(door)).toBeTruthy()
    expect((await vp.post('/calendars/W?preview=true', { spec: await specOf(), note: 'x' })).body.errors).toMatchObject([
      { field: 'spec', code: 'UNCHANGED' },
    ])
  })

  it.each([
    ['that says the same', {}],
    ['without any working time', { shifts: [] }],
    ['with a day that is two things', { holidays: ['2026-05-09'], makeUpDays: ['2026-05-09'] }],
    ['of a zone that there is not', { timeZone: 'Moon/Base' }],
  ])('refuse a wording %s', async (_what, more) => {
    const { status, body } = await vp.post('/calendars/W?preview=true', { spec: { ...(await specOf()), ...more }, note: 'x' })
    expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED'])
  })

  it('are changed by the directors of the province alone', async () => {
    const body = { spec: await specOf(), note: 'x' }
    for (const login of ['supervisor', 'monitor', 'auditor', 'vendor'])
      expect((await (await door.as(login)).post('/calendars/W', body)).status).toBe(403)
  })
})
