import { describe, expect, it } from 'vitest'
import { Api, GaveUp } from '../../../cli/simulate/api.ts'
import { Stats, percentile } from '../../../cli/simulate/stats.ts'

type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | Error

/** A server that gives prepared answers and keeps what it was asked. */
function server(...replies: Reply[]) {
  const asked: { path: string; method: string; headers: Record<string, string>; body: unknown }[] = []
  const fetch = (url: string, init: RequestInit) => {
    asked.push({
      path: new URL(url).pathname,
      method: init.method!,
      headers: init.headers as Record<string, string>,
      body: init.body && JSON.parse(init.body as string),
    })
    const reply = replies.shift() ?? { status: 500, body: { code: 'INTERNAL' } }
    if (reply instanceof Error) return Promise.reject(reply)
    return Promise.resolve(
      new Response(reply.body === undefined ? null : JSON.stringify(reply.body), { status: reply.status, headers: reply.headers }),
    )
  }
  return { asked, fetch: fetch as typeof globalThis.fetch }
}

const open = (fetch: typeof globalThis.fetch, more: { stop?: AbortSignal; patience?: number } = {}) => {
  const stats = new Stats()
  return { stats, api: new Api({ url: 'http://here', stats, stop: new AbortController().signal, patience: 5_000, fetch, ...more }) }
}

const login: Reply = { status: 201, body: { token: 'T1' } }

describe('the client', () => {
  it('sends token, key and version, and answers with the body', async () => {
    const { asked, fetch } = server(login, { status: 200, body: { seq: 8 } })
    const { api, stats } = open(fetch)
    const session = await api.logIn('kac', 'demo')
    expect(await session.post('/orders/o/commands', { type: 'accept', task: 't' }, 'K', 7)).toEqual({
      ok: true,
      status: 200,
      body: { seq: 8 },
    })
    expect(asked).toEqual([
      {
        path: '/api/v1/sessions',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: { login: 'kac', password: 'demo', kind: 'bearer' },
      },
      {
        path: '/api/v1/orders/o/commands',
        method: 'POST',
        headers: { authorization: 'Bearer T1', 'content-type': 'application/json', 'idempotency-key': 'K', 'if-match': '"7"' },
        body: { type: 'accept', task: 't' },
      },
    ])
    expect(stats.summary().join('\n')).not.toMatch(/tried again/)
  })

  it.each<[string, Reply, string]>([
    ['503', { status: 503, body: { code: 'ENGINE_UNAVAILABLE' } }, 'ENGINE_UNAVAILABLE'],
    ['500', { status: 500, body: { code: 'INTERNAL' } }, 'INTERNAL'],
    ['502 of a proxy', { status: 502 }, 'HTTP_502'],
    ['429', { status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } }, 'TOO_MANY_ATTEMPTS'],
    ['202', { status: 202, body: { location: 'x' } }, 'not recorded yet'],
    ['a request that is still running', { status: 409, body: { code: 'IDEMPOTENCY_IN_PROGRESS' } }, 'IDEMPOTENCY_IN_PROGRESS'],
    ['a lost connection', Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }), 'ECONNREFUSED'],
  ])('repeats after %s, with the same key', async (_, trouble, why) => {
    const { asked, fetch } = server(login, trouble, { status: 200, body: {} })
    const { api, stats } = open(fetch)
    const session = await api.logIn('kac', 'demo')
    expect((await session.post('/orders', {}, 'K')).ok).toBe(true)
    expect(asked.slice(1).map(({ headers }) => headers['idempotency-key'])).toEqual(['K', 'K'])
    expect(stats.summary()).toContain('tried again: 1')
    expect(stats.summary().some((line) => line.includes(why))).toBe(true)
  })

  it.each([409, 412, 403, 404, 422])('takes %s for an answer', async (status) => {
    const { asked, fetch } = server(login, { status, body: { code: 'SOME_CODE', detail: 'why', errors: [{ field: 'form.x' }] } })
    const session = await open(fetch).api.logIn('kac', 'demo')
    expect(await session.post('/orders', {}, 'K')).toEqual({ ok: false, status, code: 'SOME_CODE', detail: 'why', fields: ['form.x'] })
    expect(asked).toHaveLength(2)
  })

  it('logs in again when the session has ended', async () => {
    const { asked, fetch } = server(
      login,
      { status: 401, body: { code: 'UNAUTHENTICATED' } },
      { status: 201, body: { token: 'T2' } },
      { status: 200, body: 1 },
    )
    const session = await open(fetch).api.logIn('kac', 'demo')
    expect(await session.get('/me')).toEqual({ ok: true, status: 200, body: 1 })
    expect(asked.at(-1)?.headers.authorization).toBe('Bearer T2')
  })

  it('refuses a wrong password with its code', async () => {
    const { fetch } = server({ status: 401, body: { code: 'BAD_CREDENTIALS' } })
    await expect(open(fetch).api.logIn('kac', 'wrong')).rejects.toThrow("kac can't log in: BAD_CREDENTIALS")
  })

  it('gives up after its patience', async () => {
    const { fetch } = server()
    await expect(open(fetch, { patience: 250 }).api.logIn('kac', 'demo')).rejects.toThrow(GaveUp)
  })
})

describe('the figures', () => {
  it.each([
    [[], 0.5, 0],
    [[5], 0.95, 5],
    [[4, 1, 3, 2], 0.5, 2],
    [Array.from({ length: 100 }, (_, i) => i + 1), 0.95, 95],
  ])('of %j at %s', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected)
  })

  it('are summed up by type, code and end', () => {
    let now = 0
    const stats = new Stats(() => now)
    for (const [type, order] of [
      ['accept', 'a'],
      ['accept', 'b'],
      ['complete', 'a'],
    ] as const)
      stats.did(type, order)
    stats.refused('STALE_VERSION')
    stats.end('a', 'graded-fault closed')
    stats.end('a', 'graded-fault closed')
    stats.stuck('b', 'repair.1 offered')
    stats.latency('write', 40)
    now = 2_000
    expect(stats.line(3)).toBe('0:02  3 people  3 actions (1.5/s)  2 orders touched, 1 ended  1 refusals  p50 40 ms')
    expect(stats.summary().map((line) => line.replace(/ +/g, ' '))).toEqual([
      '3 actions in 2 s (1.5/s) on 2 orders, 0 of them newly reported',
      'actions',
      ' accept 2',
      ' complete 1',
      'orders ended: 1',
      ' graded-fault closed 1',
      'refusals: 1',
      ' STALE_VERSION 1',
      'latency',
      ' changes p50 40 ms, p95 40 ms (1)',
      ' reads p50 0 ms, p95 0 ms (0)',
      'orders that nobody could go on with: 1',
      ' b repair.1 offered',
    ])
    expect([stats.endedCount, stats.stuckCount, stats.orders]).toEqual([1, 1, ['a', 'b']])
  })
})
