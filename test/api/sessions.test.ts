import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { person } from '../../prisma/seed/organisation.ts'
import { type Caller, caller, type Door, faultInput, MINUTE, MONDAY, openDoor, serviceIn, startFault } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor({ SESSION_HOURS: '12', SESSION_IDLE_HOURS: '2' })
})
afterAll(() => door.close())

const HOUR = 60 * MINUTE
const HERE = { 'Sec-Fetch-Site': 'same-origin' }

async function logIn(login: string, headers: Record<string, string> = {}, kind = 'cookie') {
  const response = await door.anybody.post('/sessions', { login, password: 'demo', kind }, { 'Idempotency-Key': '', ...HERE, ...headers })
  expect(response.status).toBe(201)
  const cookie = kind === 'cookie' ? (response.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]! : ''
  const identity: Record<string, string> = kind === 'cookie' ? { Cookie: cookie } : { Authorization: `Bearer ${response.body.token}` }
  return { cookie, me: caller(door.server, '', identity) }
}
const status = async (one: Caller): Promise<number> => (await one.get('/me')).status

describe('a session', () => {
  it('is another after each login, and the one before has ended', async () => {
    const first = await logIn('monitor')
    const second = await logIn('monitor', { Cookie: first.cookie })
    expect(second.cookie).not.toBe(first.cookie)
    expect([await status(first.me), await status(second.me)]).toEqual([401, 200])
    // Also where the browser was somebody else before.
    const third = await logIn('kac', { Cookie: second.cookie })
    expect([await status(second.me), await status(third.me)]).toEqual([401, 200])
  })

  it('ends when nobody uses it, and at the latest after its hours', async () => {
    const { me } = await logIn('finance')
    for (let hours = 1.5; hours < 12; hours += 1.5) {
      door.now.value = MONDAY + hours * HOUR
      expect([hours, await status(me)]).toEqual([hours, 200])
    }
    door.now.value = MONDAY + 12 * HOUR
    expect(await status(me)).toBe(401)
    const { me: idle } = await logIn('finance')
    door.now.value += 2 * HOUR - 1
    expect(await status(idle)).toBe(200)
    door.now.value += 2 * HOUR
    expect(await status(idle)).toBe(401)
    door.now.value = MONDAY
  })

  it('is listed with those beside it, without what opens it, and can be ended from another', async () => {
    const one = await logIn('lawyer', { 'User-Agent': 'Telephone' })
    const two = await logIn('lawyer', { 'User-Agent': 'Desk' }, 'bearer')
    const { body } = await two.me.get('/sessions')
    expect(body.items.map(({ userAgent, current, kind }: Record<string, unknown>) => [userAgent, current, kind]).sort()).toEqual([
      ['Desk', true, 'bearer'],
      ['Telephone', false, 'cookie'],
    ])
    expect(JSON.stringify(body)).not.toContain(one.cookie.split('=')[1])
    const id = body.items.find(({ current }: { current: boolean }) => !current).id as string
    const other = await door.as('engineer')
    expect((await other.del(`/sessions/${id}`)).status).toBe(404)
    expect(await status(one.me)).toBe(200)
    expect((await two.me.del(`/sessions/${id}`)).status).toBe(204)
    expect([await status(one.me), await status(two.me)]).toEqual([401, 200])
    expect((await two.me.get('/sessions')).body.items).toHaveLength(1)
  })
})

describe('a token', () => {
  const make = async (scopes: string[]) => {
    const { body } = await (await door.as('xiaomei.lin')).post('/tokens', { name: scopes.join(), scopes })
    expect(body.scopes).toEqual(scopes)
    return caller(door.server, '', { Authorization: `Bearer ${body.token}` })
  }

  it('does what its scopes say, and no more than its maker', async () => {
    const order = await startFault(door)
    const service = await serviceIn(door, '/cn/js/nj')
    const start = { process: 'graded-fault', customerId: service.customer, title: 't', input: faultInput(service.id) }
    const reader = await make(['read'])
    expect((await reader.get(`/orders/${order}`)).status).toBe(200)
    const refused = await reader.post('/orders', start)
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([403, 'NOT_ALLOWED', 'the token lacks the scope "work"'])
    const worker = await make(['work'])
    expect((await worker.get(`/orders/${order}`)).status).toBe(403)
    expect((await worker.command(order, { type: 'urge' })).status).toBe(200)
    for (const one of [reader, worker]) {
      expect((await one.get('/me')).body.id).toBe(person('xiaomei.lin').id)
      expect((await one.post('/schedules/x', {})).body.code).toBe('NOT_ALLOWED')
    }
    const all = await make(['read', 'work', 'money', 'admin'])
    expect((await all.get('/admin-log')).status).toBe(403)
    expect((await all.del('/sessions/current')).status).toBe(204)
    expect(await status(all)).toBe(401)
  })

  it('is in the log of administration, made and revoked, and without its secret', async () => {
    const maker = await door.as('kac')
    const { body } = await maker.post('/tokens', { name: 'logged' })
    expect(body.scopes).toEqual(['read', 'work'])
    for (let i = 0; i < 2; i++) expect((await maker.del(`/tokens/${body.id}`)).status).toBe(204)
    const log = (await (await door.as('auditor')).get(`/admin-log?subject=${body.id}`)).body
    expect(log.items.map(({ action }: { action: string }) => action)).toEqual(['token-revoked', 'token-made'])
    expect(JSON.stringify(log)).not.toContain(body.token)
  })
})

describe('the address of a client', () => {
  it.each([
    ['none', [429, 429]],
    ['1', [429, 401]],
    ['loopback', [429, 401]],
    ['10.0.0.0/8', [429, 429]],
  ])('behind a proxy that is trusted as %s', async (setting, expected) => {
    const behind = await openDoor({ TRUST_PROXY: setting })
    try {
      const attempt = async (address: string) =>
        (
          await behind.anybody.post(
            '/sessions',
            { login: 'lawyer', password: 'wrong' },
            { 'Idempotency-Key': '', 'X-Forwarded-For': address },
          )
        ).status
      for (let i = 0; i < 10; i++) expect(await attempt('192.0.2.1')).toBe(401)
      expect([await attempt('192.0.2.1'), await attempt('192.0.2.2')]).toEqual(expected)
    } finally {
      await behind.close()
    }
  })
})
