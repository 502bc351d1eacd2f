import { specs } from '../../domain/processes/index.ts'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSecret, secretHash } from '../../api/auth/tokens.ts'
import { roles } from '../../domain/roles.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { API, type Caller, caller, type Door, MINUTE, MONDAY, openDoor } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor({ SESSION_IDLE_HOURS: '24' })
})
afterAll(() => door.close())

const HERE = { 'Sec-Fetch-Site': 'same-origin' }

const logIn = (body: unknown, headers: Record<string, string> = {}) =>
  door.anybody.post('/sessions', body, { 'Idempotency-Key': '', ...headers })

/** A caller with the cookie that a login has set. */
async function browser(login: string): Promise<Caller> {
  const response = await logIn({ login, password: 'demo' }, HERE)
  const cookie = (response.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!
  return caller(door.server, response.body.staff as string, { Cookie: cookie })
}

describe('logging in', () => {
  it('gives a browser a cookie that scripts and other sites cannot use', async () => {
    const response = await logIn({ login: 'monitor', password: 'demo' })
    expect(response.status).toBe(201)
    expect(response.body).toEqual({
      staff: person('monitor').id,
      kind: 'cookie',
      expiresAt: new Date(MONDAY + 12 * 60 * MINUTE).toISOString(),
    })
    const cookie = String(response.headers['set-cookie'])
    expect(cookie).toMatch(/^paidan=[A-Za-z0-9_-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/)
    expect((await (await browser('monitor')).get('/me')).status).toBe(200)
  })

  it('gives a program a token, of which the record keeps the hash alone', async () => {
    const response = await logIn({ login: 'Monitor ', password: 'demo', kind: 'bearer' })
    expect(response.status).toBe(201)
    expect(response.headers['set-cookie']).toBeUndefined()
    const token = response.body.token as string
    const program = caller(door.server, '', { Authorization: `Bearer ${token}` })
    expect((await program.get('/me')).body.id).toBe(person('monitor').id)
    const { rows } = await door.db.pool.query('SELECT token_hash, kind FROM session WHERE token_hash = $1', [secretHash(token)])
    expect(rows).toEqual([{ token_hash: secretHash(token), kind: 'bearer' }])
    const all = await door.db.pool.query('SELECT string_agg(session::text, $1) AS text FROM session', [' '])
    expect(all.rows[0].text).not.toContain(token)
  })

  it.each([
    ['a wrong password', { login: 'monitor', password: 'wrong' }],
    ['an unknown login', { login: 'nobody', password: 'demo' }],
  ])('tells nothing more about %s', async (_what, body) => {
    const response = await logIn(body)
    expect([response.status, response.body.code]).toEqual([401, 'BAD_CREDENTIALS'])
    expect(response.body.detail).toBeUndefined()
  })

  it('refuses somebody who has left, and ends his sessions', async () => {
    const token = (await logIn({ login: 'business', password: 'demo', kind: 'bearer' })).body.token as string
    const program = caller(door.server, '', { Authorization: `Bearer ${token}` })
    expect((await program.get('/me')).status).toBe(200)
    await door.db.pool.query("UPDATE staff SET active = false WHERE login = 'business'")
    expect((await program.get('/me')).body.code).toBe('UNAUTHENTICATED')
    expect((await logIn({ login: 'business', password: 'demo' })).body.code).toBe('BAD_CREDENTIALS')
    await door.db.pool.query("UPDATE staff SET active = true WHERE login = 'business'")
  })

  it('refuses a login that another site asks of a browser', async () => {
    const response = await logIn({ login: 'monitor', password: 'demo' }, { 'Sec-Fetch-Site': 'cross-site' })
    expect([response.status, response.body.code]).toEqual([403, 'CROSS_SITE'])
  })

  it('slows guessing down: after ten wrong passwords even the right one waits, but nobody else does', async () => {
    for (let i = 0; i < 10; i++) expect((await logIn({ login: 'lawyer', password: `guess ${i}` })).status).toBe(401)
    const eleventh = await logIn({ login: 'LAWYER', password: 'demo' })
    expect([eleventh.status, eleventh.body.code]).toEqual([429, 'TOO_MANY_ATTEMPTS'])
    expect(Number(eleventh.headers['retry-after'])).toBeGreaterThan(0)
    expect((await logIn({ login: 'finance', password: 'demo' })).status).toBe(201)
  })

  it('counts no successful login as a guess', async () => {
    for (let i = 0; i < 12; i++) expect((await logIn({ login: 'hotline', password: 'demo' })).status).toBe(201)
  })
})

describe('a session', () => {
  it.each([
    ['none', {}],
    ['an unknown token', { Authorization: `Bearer ${newSecret()}` }],
    ['another scheme', { Authorization: 'Basic bW9uaXRvcjpkZW1v' }],
    ['a cookie that nobody was given', { Cookie: `paidan=${newSecret()}` }],
    ['a cookie of another form', { Cookie: 'paidan=../../etc' }],
  ])('is required: %s', async (_what, headers) => {
    const response = await caller(door.server, '', headers).get('/orders')
    expect([response.status, response.body.code]).toEqual([401, 'UNAUTHENTICATED'])
    expect(response.headers['www-authenticate']).toBe('Bearer realm="paidan"')
  })

  it('of a browser is no token, and a token is no cookie', async () => {
    const cookie = String((await logIn({ login: 'monitor', password: 'demo' })).headers['set-cookie']).split(/[=;]/)[1]!
    expect((await caller(door.server, '', { Authorization: `Bearer ${cookie}` }).get('/me')).status).toBe(401)
    const token = (await logIn({ login: 'monitor', password: 'demo', kind: 'bearer' })).body.token as string
    expect((await caller(door.server, '', { Cookie: `paidan=${token}` }).get('/me')).status).toBe(401)
  })

  it('ends after its hours', async () => {
    const token = (await logIn({ login: 'monitor', password: 'demo', kind: 'bearer' })).body.token as string
    const program = caller(door.server, '', { Authorization: `Bearer ${token}` })
    door.now.value = MONDAY + 12 * 60 * MINUTE - 1
    expect((await program.get('/me')).status).toBe(200)
    door.now.value = MONDAY + 12 * 60 * MINUTE
    expect((await program.get('/me')).status).toBe(401)
    door.now.value = MONDAY
  })

  it('ends when its person logs out, and no other with it', async () => {
    const [one, two] = [await browser('monitor'), await browser('monitor')]
    const response = await one.del('/sessions/current', HERE)
    expect(response.status).toBe(204)
    expect(String(response.headers['set-cookie'])).toMatch(/^paidan=; Path=\/; Expires=Thu, 01 Jan 1970/)
    expect((await one.get('/me')).status).toBe(401)
    expect((await two.get('/me')).status).toBe(200)
  })

  it('notes when it was last seen, at most once a minute', async () => {
    const token = (await logIn({ login: 'monitor', password: 'demo', kind: 'bearer' })).body.token as string
    const program = caller(door.server, '', { Authorization: `Bearer ${token}` })
    const seen = async () =>
      (
        (await door.db.pool.query('SELECT last_seen_at FROM session WHERE token_hash = $1', [secretHash(token)])).rows[0]
          .last_seen_at as Date
      ).getTime()
    door.now.value = MONDAY + 59_000
    await program.get('/me')
    expect(await seen()).toBe(MONDAY)
    door.now.value = MONDAY + 61_000
    await program.get('/me')
    expect(await seen()).toBe(MONDAY + 61_000)
    door.now.value = MONDAY
  })
})

describe('a request with a cookie that changes something', () => {
  it.each([
    ['says nothing of where it comes from', {}, 403],
    ['comes from another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['comes from a neighbour under the same domain', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['names another origin', { Origin: 'https://elsewhere.example' }, 403],
    ['has an opaque origin', { Origin: 'null' }, 403],
    ['comes from our own page', { 'Sec-Fetch-Site': 'same-origin' }, 204],
  ])('%s: %#', async (_what, headers, status) => {
    const response = await (await browser('monitor')).del('/sessions/current', headers)
    expect(response.status).toBe(status)
    if (status === 403) expect(response.body.code).toBe('CROSS_SITE')
  })

  it('may name the origin that it is sent to', async () => {
    const me = await browser('monitor')
    const { port } = door.server.address() as { port: number }
    expect((await me.del('/sessions/current', { Origin: `http://127.0.0.1:${port}`, Host: `127.0.0.1:${port}` })).status).toBe(204)
  })

  it('may only read when it comes from elsewhere', async () => {
    expect((await (await browser('monitor')).get('/me', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(200)
  })
})

describe('over HTTPS', () => {
  it('the cookie is bound to host and encryption, and browsers are told to stay with it', async () => {
    const secure = await openDoor({ PUBLIC_URL: 'https://paidan.example' })
    try {
      const response = await request(secure.server)
        .post(`${API}/sessions`)
        .set('Origin', 'https://paidan.example')
        .send({ login: 'monitor', password: 'demo' })
      expect(response.status).toBe(201)
      const cookie = String(response.headers['set-cookie'])
      expect(cookie).toMatch(/^__Host-paidan=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/)
      expect(response.headers['strict-transport-security']).toBeDefined()
      expect(response.headers['content-security-policy']).toContain('upgrade-insecure-requests')
      const me = caller(secure.server, '', { Cookie: cookie.split(';')[0]! })
      expect((await me.del('/sessions/current', { Origin: 'https://paidan.example' })).status).toBe(204)
    } finally {
      await secure.close()
    }
  })
})

describe('GET /me', () => {
  const all = [
    'dispatch',
    'accept',
    'refuse',
    'complete',
    'return',
    'reassign',
    'suspend',
    'resume',
    'urge',
    'comment',
    'set-priority',
    'sign',
    'add-signer',
    'remove-signer',
    'withdraw',
    'extend',
    'ask-extension',
    'grant-extension',
    'deny-extension',
    'raise',
    'amend',
  ]
  const ofSupervisors = ['withdraw', 'extend', 'grant-extension', 'deny-extension', 'raise', 'amend']
  const dispatcher = all.filter((type) => !ofSupervisors.includes(type))
  const worker = dispatcher.filter((type) => !['dispatch', 'set-priority', 'remove-signer'].includes(type))
  const outside = ['accept', 'refuse', 'complete', 'return', 'reassign', 'suspend', 'resume', 'comment', 'sign', 'ask-extension']
  const every = specs.map(({ id }) => id)
  const settlement: string[] = specs.filter(({ family }) => family === 'settlement').map(({ id }) => id)
  const kac = every.filter((id) => !settlement.includes(id) && id !== 'abnormal-customer-tracking')
  const manager = every.filter(
    (id) =>
      ![
        'solution-argumentation',
        'construction',
        'data-service-activation',
        'customer-transfer',
        'credit-review',
        'arrears-dunning',
        ...settlement,
      ].includes(id),
  )
  const faults = every.filter((process) => process.includes('fault'))

  it.each([
    ['vp', every, all, true],
    ['director', every, all, true],
    ['supervisor', every, all, true],
    ['kac', kac, dispatcher, true],
    ['manager', manager, worker, true],
    ['monitor', faults, dispatcher, true],
    ['hotline', ['order-fulfilment', 'service-activation', 'complaint', 'suggestion', ...faults, 'network-leave'], dispatcher, true],
    // The customer response centre is a supervisor's desk too (catalogue 0.4).
    ['dispatcher', every, all, true],
    ['engineer', faults, worker, true],
    [
      'business',
      ['contract-countersign', 'construction', 'service-activation', 'data-service-activation', 'customer-transfer', 'suggestion'],
      worker,
      true,
    ],
    ['finance', ['credit-review', 'arrears-dunning', 'rebate-payout', 'commission-correction'], worker, true],
    ['lawyer', [], worker, true],
    ['vendor', [], outside, false],
    ['auditor', [], [], true],
  ])('%s', async (login, start, command, inside) => {
    const { status, body } = await (await door.as(login)).get('/me')
    expect(status).toBe(200)
    expect(body.may.start).toEqual(start)
    expect(body.may.command).toEqual(command)
    expect(body.external).toBe(!inside)
    expect(body.may.audit).toBe(inside)
    expect(body.may.attach).toBe(command.length > 0)
    expect(body.may.read).toEqual(
      inside
        ? ['Order', 'Task', 'Rung', 'Customer', 'Service', 'Staff', 'OrgUnit', 'Policy', 'Process', 'Notification']
        : ['Order', 'Task', 'Rung', 'Process', 'Notification'],
    )
    expect(body.roles.map((one: { role: string }) => one.role).sort()).toEqual([...person(login).roles].sort())
    for (const one of body.roles) expect(one.title).toEqual(roles[one.role as keyof typeof roles].title)
    expect(body.region.path).toBe(person(login).unit.region)
  })

  it('of somebody without a role allows nothing at all', async () => {
    const lost = await door.as('zhiming.yan')
    await door.db.pool.query('DELETE FROM staff_role WHERE staff_id = $1', [lost.id])
    expect((await lost.get('/me')).body.may).toEqual({
      start: [],
      command: [],
      change: [],
      policies: [],
      read: [],
      audit: false,
      attach: false,
    })
    for (const path of ['/orders', '/tasks', '/breaches']) {
      const { status, body } = await lost.get(path)
      expect([path, status, body.items]).toEqual([path, 200, []])
    }
    for (const path of ['/processes', '/customers', '/services', '/staff', '/units', '/policies'])
      expect([path, (await lost.get(path)).status]).toEqual([path, 403])
  })
})

describe('tokens of programs', () => {
  it('act as their maker until revoked; the secret is shown once', async () => {
    const maker = await door.as('kac')
    const key = { 'Idempotency-Key': 'token-1' }
    const made = await maker.post('/tokens', { name: 'importer', days: 30 }, key)
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ name: 'importer', expiresAt: new Date(MONDAY + 30 * 86_400_000).toISOString(), revokedAt: null })
    const again = await maker.post('/tokens', { name: 'importer', days: 30 }, key)
    expect([again.status, again.body.id, again.body.token, again.headers['idempotent-replayed']]).toEqual([
      200,
      made.body.id,
      undefined,
      'true',
    ])
    expect((await maker.post('/tokens', { name: 'other' }, key)).body.code).toBe('IDEMPOTENCY_MISMATCH')
    const kept = await door.db.pool.query('SELECT response::text FROM idempotency_key WHERE key = $1', ['token-1'])
    expect(kept.rows[0].response).not.toContain(made.body.token)

    const program = caller(door.server, '', { Authorization: `Bearer ${made.body.token}` })
    const { body } = await program.get('/me')
    expect([body.id, body.session.kind]).toEqual([person('kac').id, 'token'])
    expect((await program.post('/tokens', { name: 'more' })).status).toBe(403)
    expect((await maker.get('/tokens')).body.items).toEqual([{ ...made.body, token: undefined }].map(({ token: _token, ...rest }) => rest))

    const other = await door.as('monitor')
    expect((await other.del(`/tokens/${made.body.id}`)).status).toBe(404)
    expect((await maker.del(`/tokens/${made.body.id}`)).status).toBe(204)
    expect((await maker.del(`/tokens/${made.body.id}`)).status).toBe(204)
    expect((await program.get('/me')).status).toBe(401)
  })

  it('expire, and revoke themselves by logging out', async () => {
    const maker = await door.as('kac')
    const program = async (days: number) =>
      caller(door.server, '', { Authorization: `Bearer ${(await maker.post('/tokens', { name: 'x', days })).body.token}` })
    const one = await program(1)
    expect((await one.get('/me')).status).toBe(200)
    door.now.value = MONDAY + 86_400_000
    expect((await one.get('/me')).status).toBe(401)
    door.now.value = MONDAY
    const two = await program(2)
    expect((await two.del('/sessions/current')).status).toBe(204)
    expect((await two.get('/me')).status).toBe(401)
  })
})
