/** Schedules at the door: checked like the start of what they open, written with the engine or not at all. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openScheduled } from '../../activities/scheduled.ts'
import { tellAll } from '../../api/schedules/keep.ts'
import { ERASED } from '../../domain/order/sealed.ts'
import { type Door, openDoor } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

type Item = Record<string, any>
const visits = (more: object = {}) => ({
  process: 'return-visit',
  title: 'Visits of the month',
  customerId: 'cu-001',
  input: { occasion: 'own-plan' },
  cron: '0 8 1 * *',
  ...more,
})
const put = async (id: string, body: object, login = 'vp', headers?: Record<string, string>) =>
  (await door.as(login)).post(`/schedules/${id}`, body, headers)
const list = async (login: string): Promise<string[]> =>
  ((await (await door.as(login)).get('/schedules')).body.items as Item[] | undefined)?.map(({ id }) => id as string) ?? []
const rowOf = async (id: string) => (await door.db.pool.query('SELECT * FROM schedule WHERE id = $1', [id])).rows[0]

describe('a schedule', () => {
  it('is made, changed by version, run and removed; the engine hears of it each time', async () => {
    const made = await put('monthly-visits', visits())
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      id: 'monthly-visits',
      timeZone: 'Asia/Shanghai',
      overlap: 'skip',
      catchUp: 48,
      version: 1,
      last: null,
    })
    expect(door.engine.timings.get('monthly-visits')).toMatchObject({ cron: '0 8 1 * *', paused: false })

    const changed = await put('monthly-visits', visits({ paused: true, overlap: 'buffer-one' }), 'vp', { 'If-Match': '"1"' })
    expect(changed.body).toMatchObject({ version: 2, paused: true })
    expect(door.engine.timings.get('monthly-visits')).toMatchObject({ overlap: 'buffer-one', paused: true })
    const late = await put('monthly-visits', visits(), 'vp', { 'If-Match': '"1"' })
    expect([late.status, late.body.code]).toEqual([412, 'POLICY_CHANGED'])

    const vp = await door.as('vp')
    const key = { 'Idempotency-Key': 'run-1' }
    for (const _twice of [1, 2]) expect((await vp.post('/schedules/monthly-visits/runs', {}, key)).status).toBe(202)
    expect(door.engine.triggered).toHaveLength(1)
    expect((await vp.del('/schedules/monthly-visits')).status).toBe(204)
    expect([door.engine.timings.has('monthly-visits'), await rowOf('monthly-visits')]).toEqual([false, undefined])
  })

  it.each([
    ['a process that there is not', { process: 'no-such' }, 'process', 'UNKNOWN_PROCESS'],
    ['no customer', { customerId: undefined }, 'customerId', 'VALIDATION_FAILED'],
    ['a customer that there is not', { customerId: 'cu-999' }, 'customerId', 'UNKNOWN_REFERENCE'],
    ['input that the process does not take', { input: { occasion: 'own-plan', colour: 'red' } }, 'input.colour', 'FORM_INVALID'],
    ['input that is missing', { input: {} }, 'input.occasion', 'FORM_INVALID'],
    ['a rhythm that is none', { cron: 'monthly' }, 'cron', 'VALIDATION_FAILED'],
    ['a time zone that there is not', { timeZone: 'Mars/Olympus' }, 'timeZone', 'VALIDATION_FAILED'],
    ['a region that is not his', { region: '/us' }, undefined, 'NOT_FOUND'],
  ])('is refused with %s, and nothing is kept', async (_name, more, field, code) => {
    const { body } = await put('wrong', visits(more))
    expect([body.code, (body.errors as Item[] | undefined)?.[0]?.field ?? body.field]).toEqual([code, field])
    expect([await rowOf('wrong'), door.engine.timings.has('wrong')]).toEqual([undefined, false])
  })

  it('keeps what is personal sealed, as its orders will have it; erased, it is gone', async () => {
    const contact = 'Ouyang Xiaofeng'
    const suggestion = {
      process: 'suggestion',
      input: { channel: 'web', raisedAt: Date.UTC(2026, 0, 5), content: 'c', product: 'p', contactPerson: contact },
    }
    const made = await put('suggested', visits(suggestion))
    expect([made.status, made.body.input?.contactPerson]).toEqual([201, contact])
    const { input } = await rowOf('suggested')
    expect(input).toMatchObject({ content: 'c', contactPerson: expect.stringMatching(/^sealed:/) })
    const opening = await openScheduled(door.db.pool, { schedule: 'suggested', at: Date.UTC(2026, 1, 1) })
    expect(opening!.opened.facts.contactPerson).toBe(input.contactPerson)

    const director = await door.as('director')
    expect((await director.post('/customers/cu-001/erasures', { reason: 'asked for' })).status).toBe(201)
    const shown = ((await (await door.as('vp')).get('/schedules')).body.items as Item[]).find(({ id }) => id === 'suggested')
    expect(shown!.input).toMatchObject({ content: 'c', contactPerson: ERASED })
  })

  it('is not kept where the engine does not answer', async () => {
    door.engine.mood = 'down'
    const reply = await put('while-down', visits())
    door.engine.mood = 'well'
    expect([reply.status, reply.body.code]).toEqual([503, 'ENGINE_UNAVAILABLE'])
    expect(await rowOf('while-down')).toBeUndefined()
  })

  it('is for those of its region to see, and for few to change', async () => {
    expect((await put('in-sight', visits())).status).toBe(201)
    expect(await list('vp')).toContain('in-sight')
    expect(await list('auditor')).toContain('in-sight')
    expect(await list('lixin.song')).not.toContain('in-sight')
    expect(await list('vendor')).toEqual([])
    expect((await (await door.as('lixin.song')).get('/schedules/in-sight/runs')).status).toBe(404)
    const auditor = await put('in-sight', visits(), 'auditor')
    expect([auditor.status, auditor.body.code]).toEqual([403, 'NOT_ALLOWED'])
  })

  it('is told to an engine that has forgotten it', async () => {
    door.engine.timings.clear()
    await tellAll({ pool: door.db.pool, engine: door.engine, logger: { warn: () => {} } as never })
    expect([...door.engine.timings.keys()]).toContain('in-sight')
  })
})
