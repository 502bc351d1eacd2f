import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminActions } from '../../domain/admin.ts'
import { checkAdminLog, logAdmin, logAdminAlone } from '../../prisma/admin-log.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { type Door, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

const entry = (subject: string) =>
  ({ actor: 'cli', action: 'unit-changed', subject, detail: { z: 1, a: 'x' }, at: new Date(MONDAY) }) as const
const log = async (query = '') => (await (await door.as('auditor')).get(`/admin-log${query}`)).body

describe('the log of administration', () => {
  it('has an entry in the transaction of what was done', async () => {
    const director = await door.as('director')
    const { body: policies } = await director.get('/policies?kind=screening')
    const { id, spec } = policies.items[0]
    const first = Object.keys(spec).find((name) => typeof spec[name] === 'number')!
    const change = { spec: { ...spec, [first]: spec[first] + 1 }, note: 'as decided' }
    expect((await director.post(`/policies/screening/${id}`, change)).status).toBe(201)
    const order = await startFault(door)
    expect((await (await door.as('auditor')).post(`/orders/${order}/verifications`, {})).status).toBe(202)
    const { items, names } = await log()
    expect(items.map(({ actor, action, subject }: Record<string, string>) => [actor, action, subject])).toEqual([
      [person('auditor').id, 'order-verified', order],
      [director.id, 'policy-changed', `screening/${id}`],
    ])
    expect(items[1].detail).toMatchObject({ note: 'as decided', changes: [{ field: first, from: spec[first], to: spec[first] + 1 }] })
    expect(names[director.id]).toBeDefined()
  })

  it('has none of what was not done', async () => {
    const before = (await log()).items.length
    door.engine.mood = 'down'
    const { status } = await (await door.as('director')).post('/schedules/nightly', {
      process: 'abnormal-customer-tracking',
      title: 'nightly',
      cron: '0 2 * * *',
      input: { entry: 'run' },
    })
    door.engine.mood = 'well'
    expect(status).toBeGreaterThanOrEqual(400)
    expect((await log()).items).toHaveLength(before)
  })

  it('is for auditors, in pages, by who, what and to what', async () => {
    for (let i = 0; i < 5; i++) await logAdminAlone(door.db.pool, entry(`unit-${i}`))
    for (const login of ['director', 'vp', 'vendor', 'engineer'])
      for (const path of ['/admin-log', '/admin-log/verification']) expect((await (await door.as(login)).get(path)).status).toBe(403)
    const one = await log('?limit=2&action=unit-changed')
    expect(one.items.map(({ subject }: { subject: string }) => subject)).toEqual(['unit-4', 'unit-3'])
    const two = await log(`?limit=2&action=unit-changed&cursor=${one.page.next}`)
    expect(two.items.map(({ subject }: { subject: string }) => subject)).toEqual(['unit-2', 'unit-1'])
    expect((await log('?actor=cli&subject=unit-0')).items).toHaveLength(1)
    expect((await (await door.as('auditor')).get('/admin-log?cursor=eA')).body.code).toBe('BAD_CURSOR')
  })

  it('takes many at once without a gap', async () => {
    const before = (await checkAdminLog(door.db.pool)).entries
    await Promise.all(Array.from({ length: 12 }, (_, i) => logAdminAlone(door.db.pool, entry(`at-once-${i}`))))
    expect(await checkAdminLog(door.db.pool)).toMatchObject({ entries: before + 12, broken: null })
  })

  it('refuses a change, a removal and an entry that does not follow', async () => {
    for (const text of [
      `UPDATE admin_log SET actor = 'nobody' WHERE seq = 1`,
      'DELETE FROM admin_log WHERE seq = (SELECT max(seq) FROM admin_log)',
      'TRUNCATE admin_log',
      `INSERT INTO admin_log SELECT seq + 2, at, actor, action, subject, detail, hash, hash FROM admin_log ORDER BY seq DESC LIMIT 1`,
      `INSERT INTO admin_log SELECT seq + 1, at, actor, action, subject, detail, prev_hash, hash FROM admin_log ORDER BY seq DESC LIMIT 1`,
    ])
      await expect(door.db.pool.query(text), text).rejects.toMatchObject({ code: '23000' })
  })

  it('leaves nothing of a transaction that was given up', async () => {
    const { entries } = await checkAdminLog(door.db.pool)
    const client = await door.db.pool.connect()
    await client.query('BEGIN')
    expect(await logAdmin(client, entry('given up'))).toBe(entries + 1)
    await client.query('ROLLBACK')
    client.release()
    expect((await checkAdminLog(door.db.pool)).entries).toBe(entries)
  })

  it('shows where somebody with the keys of the database has been at it', async () => {
    const ok = (await (await door.as('auditor')).get('/admin-log/verification')).body
    expect(ok).toMatchObject({ ok: true, broken: null })
    await door.db.pool.query(`ALTER TABLE admin_log DISABLE TRIGGER admin_log_append_only`)
    await door.db.pool.query(`UPDATE admin_log SET actor = 'somebody' WHERE seq = 3`)
    const { body } = await (await door.as('auditor')).get('/admin-log/verification')
    expect(body).toMatchObject({ ok: false, broken: 3, entries: 2 })
  })

  it('knows each action once', () => expect(new Set(adminActions).size).toBe(adminActions.length))
})
