import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkAdminLog } from '../../prisma/admin-log.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { type Caller, type Door, MONDAY, openDoor } from './support/door.ts'

let door: Door
let vp: Caller
let director: Caller
beforeAll(async () => {
  door = await openDoor()
  vp = await door.as('vp')
  director = await door.as('director')
})
afterAll(() => door.close())

const unit = () => person('monitor').unit.id
const newcomer = (login: string) => ({
  login,
  nameZh: '新人',
  nameEn: 'New Comer',
  unit: unit(),
  region: person('monitor').unit.region,
  roles: [{ role: 'monitor-centre', unit: unit() }],
  skills: [{ skill: 'bandwidth', level: 2 }],
  shifts: [{ weekday: 1, from: 480, to: 720, calendar: 'C' }],
})
const logIn = (login: string, password: string) =>
  door.anybody.post('/sessions', { login, password, kind: 'bearer' }, { 'Idempotency-Key': '' })
const logged = async (subject: string): Promise<string[]> =>
  (await door.db.pool.query('SELECT action FROM admin_log WHERE subject = $1 ORDER BY seq', [subject])).rows.map(({ action }) => action)

describe('people', () => {
  it('are taken in with a password that is shown once, changed, and let go', async () => {
    const made = await director.post('/people', newcomer('new.one'), { 'Idempotency-Key': 'p1' })
    expect(made.status).toBe(201)
    const { id } = made.body.person
    expect((await logIn('new.one', made.body.password)).status).toBe(201)
    const again = await director.post('/people', newcomer('new.one'), { 'Idempotency-Key': 'p1' })
    expect([again.status, again.body.person.id, again.body.password]).toEqual([200, id, undefined])
    expect((await director.post('/people', newcomer('new.one'))).body.errors[0].field).toBe('login')

    const changed = await director.post(`/people/${id}`, { capacity: 3, roles: [{ role: 'maintenance-dept', unit: unit() }], skills: [] })
    expect(changed.body).toMatchObject({ capacity: 3, roles: [{ role: 'maintenance-dept' }], skills: [], shifts: [{ weekday: 1 }] })

    const reset = await director.post(`/people/${id}/password`, {})
    expect((await logIn('new.one', made.body.password)).status).toBe(401)
    const token = (await logIn('new.one', reset.body.password)).body.token
    expect((await director.post(`/people/${id}`, { active: false })).body.active).toBe(false)
    const { rows } = await door.db.pool.query('SELECT revoked_at FROM session WHERE staff_id = $1', [id])
    expect(rows.every(({ revoked_at }) => revoked_at !== null)).toBe(true)
    expect(token).toBeTruthy()
    expect((await logIn('new.one', reset.body.password)).status).toBe(401)
    expect(await logged(id)).toEqual(['person-changed', 'person-changed', 'scopes-changed', 'sessions-revoked', 'person-changed'])
    expect((await checkAdminLog(door.db.pool)).broken).toBeNull()
  })

  it('come with the names of their units, and say what is wrong by field and code', async () => {
    const { body } = await director.get(`/people/${person('engineer').id}`)
    expect(body.names[body.unit]).toEqual({ zh: expect.any(String), en: expect.any(String) })
    expect((await director.post('/people', newcomer('director'))).body.errors).toMatchObject([{ field: 'login', code: 'TAKEN' }])
    const shifts = [0, 50].map((from) => ({ weekday: 1, from, to: 100, calendar: 'C' }))
    expect((await director.post(`/people/${person('monitor').id}`, { shifts })).body.errors).toMatchObject([
      { field: 'shifts', code: 'OVERLAPS' },
    ])
  })

  it('are told what they look after', async () => {
    const may = async (login: string) => (await (await door.as(login)).get('/me')).body.may
    expect((await may('director')).change).toEqual(['Staff', 'OrgUnit', 'Calendar', 'Schedule', 'Retention'])
    // Of a city, a director looks after people and units alone.
    expect((await may('zhiqiang.han')).change).toEqual(['Staff', 'OrgUnit', 'Retention'])
    expect((await may('supervisor')).change).toEqual(['Schedule'])
    expect((await may('settlement')).change).toEqual(['Settlement'])
    expect((await may('engineer')).change).toEqual([])
    expect((await may('vp')).policies).toContain('authority')
    expect((await may('director')).policies).not.toContain('authority')
    expect((await may('engineer')).policies).toEqual([])
  })

  it('keep names, numbers and passwords out of the log', async () => {
    const { body } = await director.post('/people', { ...newcomer('new.two'), phone: '13912345678' })
    await director.post(`/people/${body.person.id}`, { phone: '13987654321', nameZh: '改名' })
    const { rows } = await door.db.pool.query('SELECT string_agg(detail::text, $1) AS text FROM admin_log', [' '])
    for (const secret of ['139', '改名', 'New Comer', body.password]) expect(rows[0].text).not.toContain(secret)
  })

  it.each([
    ['a region beyond the own', { region: '/cn/zj' }, 'UNKNOWN_REFERENCE'],
    ['a unit that there is not', { unit: 'nowhere' }, 'UNKNOWN_REFERENCE'],
    ['a role that there is not', { roles: [{ role: 'king', unit: 'x' }] }, 'VALIDATION_FAILED'],
    ['a role above the directors', { roles: [{ role: 'vp-in-charge', unit: 'monitor' }] }, undefined],
    [
      'shifts that overlap',
      {
        shifts: [
          { weekday: 1, from: 0, to: 100, calendar: 'C' },
          { weekday: 1, from: 50, to: 120, calendar: 'C' },
        ],
      },
      'VALIDATION_FAILED',
    ],
  ])('are not given %s', async (_what, body, code) => {
    const given = 'roles' in body && code === undefined ? { roles: [{ role: 'vp-in-charge', unit: unit() }] } : body
    const refused = await director.post(`/people/${person('monitor').id}`, given)
    expect([refused.status >= 400, refused.body.code]).toEqual([true, code ?? 'NOT_ALLOWED'])
  })

  it('widen nobody’s own authority', async () => {
    for (const body of [{ roles: [] }, { active: false }, { region: '/cn/js' }])
      expect((await vp.post(`/people/${vp.id}`, body)).body.code).toBe('NOT_ALLOWED')
  })

  it('are looked after by directors alone, each in his region', async () => {
    for (const login of ['supervisor', 'monitor', 'engineer', 'auditor', 'vendor']) {
      const caller = await door.as(login)
      expect([login, (await caller.get('/people')).status]).toEqual([login, 403])
      expect([login, (await caller.post('/people', newcomer('x.y'))).status]).toEqual([login, 403])
      expect((await caller.post(`/people/${person('engineer').id}`, { capacity: 1 })).status).toBe(403)
      expect((await caller.get(`/people/${caller.id}`)).body.id).toBe(caller.id)
    }
    const all = (await vp.get('/people?limit=200')).body.items
    expect(all.length).toBeGreaterThan(20)
    expect(JSON.stringify(all)).not.toContain('argon2')
    const { rows } = await door.db.pool.query(
      "SELECT s.login FROM staff s JOIN staff_role r ON r.staff_id = s.id WHERE r.role = 'kac-director' AND s.region_path <> '/cn/js' ORDER BY 1 LIMIT 1",
    )
    if (rows[0]) {
      const city = await door.as(rows[0].login)
      const items = (await city.get('/people?limit=200')).body.items as { region: string }[]
      const own = (await city.get('/me')).body.region.path as string
      expect(items.every(({ region }) => region === own || region.startsWith(`${own}/`))).toBe(true)
      expect((await city.post(`/people/${person('vp').id}`, { capacity: 1 })).status).toBe(404)
    }
  })
})

describe('absences and delegations', () => {
  const at = (hours: number) => new Date(MONDAY + hours * 3_600_000).toISOString()

  it('are one’s own business, do not overlap, and can be taken back', async () => {
    const engineer = await door.as('engineer')
    const away = await engineer.post(`/people/${engineer.id}/absences`, { from: at(1), to: at(9), reason: '年假' })
    expect(away.body.absences).toHaveLength(1)
    expect((await engineer.post(`/people/${engineer.id}/absences`, { from: at(8), to: at(12), reason: 'x' })).body.code).toBe(
      'VALIDATION_FAILED',
    )
    const acts = await engineer.post(`/people/${engineer.id}/delegations`, { to: person('monitor').id, from: at(1), until: at(9) })
    expect(acts.body.delegations).toMatchObject([{ delegate: person('monitor').id, roles: [] }])
    expect((await engineer.post(`/people/${engineer.id}/delegations`, { to: engineer.id, from: at(20), until: at(21) })).body.code).toBe(
      'UNKNOWN_REFERENCE',
    )
    expect((await engineer.post(`/people/${person('monitor').id}/absences`, { from: at(1), to: at(2), reason: 'x' })).status).toBe(403)
    const [{ id }] = away.body.absences
    expect((await engineer.del(`/people/${engineer.id}/absences/${id}`)).status).toBe(204)
    expect((await engineer.del(`/people/${engineer.id}/absences/${id}`)).status).toBe(404)
    expect((await engineer.del(`/people/${engineer.id}/delegations/${acts.body.delegations[0].id}`)).status).toBe(204)
    expect(await logged(engineer.id)).toEqual(Array.from({ length: 4 }, () => 'absence-changed'))
  })
})

describe('units', () => {
  it('are listed with who leads them, the roles held there and how many people', async () => {
    const { body } = await vp.get('/units?limit=200')
    const found = body.items.find(({ id }: { id: string }) => id === unit())
    expect(found.roles).toEqual(['monitor-centre', 'supervisor'])
    const { rows } = await door.db.pool.query('SELECT count(*)::int AS n FROM staff WHERE unit_id = $1 AND active', [unit()])
    expect(found.people).toBe(rows[0].n)
    expect(body.names[found.leader]).toEqual({ zh: expect.any(String), en: expect.any(String) })
  })

  it('lie in regions of which one sees the own, those below and those above', async () => {
    const paths = async (login: string) =>
      (await (await door.as(login)).get('/regions')).body.items.map(({ path }: { path: string }) => path)
    expect(await paths('vp')).toEqual(expect.arrayContaining(['/cn/js', '/cn/js/nj', '/cn/js/sz']))
    const city = await paths('zhiqiang.han')
    expect(city).toEqual(expect.arrayContaining(['/cn/js', '/cn/js/nj']))
    expect(city).not.toContain('/cn/js/sz')
    expect((await (await door.as('vendor')).get('/regions')).status).toBe(403)
  })

  it('are made and changed, and the tree never bites its tail', async () => {
    const region = person('monitor').unit.region
    const made = await vp.post('/units', { id: 'team-x', nameZh: '甲组', nameEn: 'Team X', kind: 'maintenance', region, parent: unit() })
    expect([made.status, made.body.parent]).toEqual([201, unit()])
    expect((await vp.post('/units/team-x', { nameZh: '乙组', leader: person('engineer').id })).body).toMatchObject({
      name: { zh: '乙组' },
      leader: person('engineer').id,
    })
    expect((await vp.post(`/units/${unit()}`, { parent: 'team-x' })).body.errors[0].field).toBe('parent')
    expect((await vp.post('/units/none', { nameZh: 'x' })).status).toBe(404)
    expect((await (await door.as('supervisor')).post('/units/team-x', { nameZh: 'x' })).status).toBe(403)
    expect(await logged('team-x')).toEqual(['unit-changed', 'unit-changed'])
    expect((await checkAdminLog(door.db.pool)).broken).toBeNull()
    expect((await vp.post('/units', { id: 'team-x', nameZh: 'x', nameEn: 'x', kind: 'x', region })).body.errors).toMatchObject([
      { field: 'id', code: 'TAKEN' },
    ])
    for (const [field, wrong] of [
      ['region', { region: '/cn/js/none' }],
      ['leader', { leader: 'nobody' }],
    ] as const)
      expect((await vp.post('/units', { id: 'team-y', nameZh: 'x', nameEn: 'x', kind: 'x', region, ...wrong })).body).toMatchObject({
        code: 'UNKNOWN_REFERENCE',
        errors: [{ field }],
      })
  })
})
