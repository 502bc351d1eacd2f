import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../../api/routes/index.ts'
import { API, type Caller, type Door, faultInput, openDoor, serviceIn, startFault } from './support/door.ts'

let door: Door
let monitor: Caller
let order: string
let start: Record<string, unknown>
let before: string
/** Everything that a request could have changed. */
const fingerprint = async (): Promise<string> => {
  const { rows } = await door.db.pool.query(`
    SELECT (SELECT json_agg(json_build_array(id, seq, hash) ORDER BY id) FROM orders)::text || (SELECT count(*) FROM order_event) || ' ' ||
           (SELECT count(*) FROM attachment) || ' ' || (SELECT count(*) FROM api_token) || ' ' || (SELECT count(*) FROM idempotency_key) || ' ' ||
           (SELECT count(*) FROM order_text) || ' ' || (SELECT count(*) FROM session) AS text`)
  return rows[0].text as string
}
beforeAll(async () => {
  door = await openDoor()
  monitor = await door.as('xiaomei.lin')
  order = await startFault(door)
  const service = await serviceIn(door, '/cn/js/nj')
  start = { process: 'graded-fault', customerId: service.customer, title: 't', input: faultInput(service.id) }
  before = await fingerprint()
})
afterAll(async () => {
  expect(await fingerprint()).toBe(before)
  await door.close()
})

const commands = () => `/orders/${order}/commands`

describe('a body', () => {
  it.each([
    ['broken JSON', '{"type": "urge"', 400, 'MALFORMED_JSON'],
    ['JSON with something after it', '{"type":"urge"} x', 400, 'MALFORMED_JSON'],
    ['a bare word', 'urge', 400, 'MALFORMED_JSON'],
    ['a bare string', '"urge"', 400, 'MALFORMED_JSON'],
    ['null', 'null', 400, 'MALFORMED_JSON'],
    ['a list', '[]', 422, 'VALIDATION_FAILED'],
    ['nothing', '', 422, 'VALIDATION_FAILED'],
    ['a number with a leading zero', '{"type":"set-priority","priority":01}', 400, 'MALFORMED_JSON'],
  ])('of %s', async (_what, text, status, code) => {
    const response = await monitor
      .raw('post', commands())
      .set('Idempotency-Key', randomUUID())
      .set('Content-Type', 'application/json')
      .send(text)
    expect([response.status, response.body.code]).toEqual([status, code])
  })

  it('that is too large is refused, by its announced length and by its real one', async () => {
    const text = JSON.stringify({ type: 'comment', text: 'x'.repeat(300_000) })
    const announced = await monitor.raw('post', commands()).set('Idempotency-Key', 'k').set('Content-Type', 'application/json').send(text)
    expect([announced.status, announced.body.code, announced.body.detail]).toEqual([413, 'BODY_TOO_LARGE', 'at most 262144 bytes'])
    const packed = await monitor
      .raw('post', commands())
      .set('Idempotency-Key', 'k')
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip')
      .serialize((body) => body as string)
      .send(gzipSync(text) as unknown as string)
    expect([packed.status, packed.body.code]).toEqual([413, 'BODY_TOO_LARGE'])
  })

  it.each([
    ['text/plain', 'UNSUPPORTED_MEDIA_TYPE'],
    ['application/x-www-form-urlencoded', 'UNSUPPORTED_MEDIA_TYPE'],
    ['application/xml', 'UNSUPPORTED_MEDIA_TYPE'],
  ])('of another type: %s', async (type, code) => {
    const response = await monitor.raw('post', commands()).set('Idempotency-Key', 'k').set('Content-Type', type).send('type=urge')
    expect([response.status, response.body.code]).toEqual([415, code])
  })

  it('in another alphabet or packing is refused', async () => {
    const latin = await monitor
      .raw('post', commands())
      .set('Idempotency-Key', 'k')
      .set('Content-Type', 'application/json; charset=latin1')
      .send('{"type":"urge"}')
    expect([latin.status, latin.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
    const packed = await monitor
      .raw('post', commands())
      .set('Idempotency-Key', 'k')
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'zstd-9')
      .send('{"type":"urge"}')
    expect([packed.status, packed.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })

  it('that breaks off is refused, and the connection with it', async () => {
    const { port } = door.server.address() as AddressInfo
    const status = await new Promise<string>((resolve) => {
      const headers = { ...monitor.identity, 'Idempotency-Key': 'k', 'Content-Type': 'application/json', 'Content-Length': '100' }
      const req = httpRequest({ port, path: `${API}${commands()}`, method: 'POST', headers }, (res) => resolve(`${res.statusCode}`))
      req.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? ''))
      req.write('{"type"')
      setTimeout(() => req.destroy(), 100)
    })
    expect(['ECONNRESET', '400']).toContain(status)
  })
})

describe('fields of a command', () => {
  it.each<[string, object, string, string]>([
    ['no type', {}, 'type', 'NOT_ONE_OF'],
    ['an unknown type', { type: 'explode' }, 'type', 'NOT_ONE_OF'],
    ['an inherited name as type', { type: 'constructor' }, 'type', 'NOT_ONE_OF'],
    ['a type that is a list', { type: ['urge'] }, 'type', 'NOT_ONE_OF'],
    ['an unknown field', { type: 'urge', colour: 'red' }, 'colour', 'UNKNOWN_FIELD'],
    ['a field of another command', { type: 'accept', task: 'accept-fault.1', outcome: 'accepted' }, 'outcome', 'UNKNOWN_FIELD'],
    ['who is said to give it', { type: 'urge', actor: { kind: 'system', id: 'x' } }, 'actor', 'UNKNOWN_FIELD'],
    ['its id in the body', { type: 'urge', id: 'x' }, 'id', 'UNKNOWN_FIELD'],
    ['a missing field', { type: 'accept' }, 'task', 'REQUIRED'],
    ['a number as a task', { type: 'accept', task: 1 }, 'task', 'WRONG_TYPE'],
    ['null as a task', { type: 'accept', task: null }, 'task', 'WRONG_TYPE'],
    ['a list as a task', { type: 'accept', task: ['a'] }, 'task', 'WRONG_TYPE'],
    ['an empty task', { type: 'accept', task: '' }, 'task', 'TOO_SHORT'],
    ['a task with a blank', { type: 'accept', task: 'a b' }, 'task', 'BAD_FORMAT'],
    ['a task that is very long', { type: 'accept', task: 'a'.repeat(201) }, 'task', 'TOO_LONG'],
    ['a form that is a list', { type: 'complete', task: 'a.1', outcome: 'x', form: [] }, 'form', 'WRONG_TYPE'],
    ['a form within a form', { type: 'complete', task: 'a.1', outcome: 'x', form: { a: { b: 1 } } }, 'form.a', 'WRONG_TYPE'],
    ['null in a form', { type: 'complete', task: 'a.1', outcome: 'x', form: { a: null } }, 'form.a', 'WRONG_TYPE'],
    ['numbers in a list of a form', { type: 'complete', task: 'a.1', outcome: 'x', form: { a: [1] } }, 'form.a', 'WRONG_TYPE'],
    ['a reason that is very long', { type: 'refuse', task: 'a.1', reason: 'x'.repeat(401) }, 'reason', 'TOO_LONG'],
    ['an extension beyond all calendars', { type: 'extend', clock: 'c', by: Number.MAX_SAFE_INTEGER, reason: 'r' }, 'by', 'TOO_LARGE'],
    ['a request of half a millisecond', { type: 'ask-extension', task: 'a.1', clock: 'c', by: 0.5, reason: 'r' }, 'by', 'WRONG_TYPE'],
    ['a request for no task', { type: 'ask-extension', clock: 'c', by: 1, reason: 'r' }, 'task', 'REQUIRED'],
    ['a party that there is not', { type: 'suspend', task: 'a.1', reason: 'r', party: 'moon' }, 'party', 'NOT_ONE_OF'],
    [
      'a date without a zone',
      { type: 'suspend', task: 'a.1', reason: 'r', party: 'own', until: '2026-02-01T10:00:00' },
      'until',
      'BAD_FORMAT',
    ],
    [
      'a date that there is not',
      { type: 'suspend', task: 'a.1', reason: 'r', party: 'own', until: '2026-02-30T10:00:00Z' },
      'until',
      'BAD_FORMAT',
    ],
    ['a date as a number', { type: 'suspend', task: 'a.1', reason: 'r', party: 'own', until: 1 }, 'until', 'WRONG_TYPE'],
    ['a broken number as priority', { type: 'set-priority', priority: 1.5 }, 'priority', 'WRONG_TYPE'],
    ['a text as priority', { type: 'set-priority', priority: '1' }, 'priority', 'WRONG_TYPE'],
    [
      'too many roles',
      { type: 'add-signer', task: 'a.1', party: 'p', roles: Array.from({ length: 11 }, () => 'lawyer') },
      'roles',
      'TOO_LONG',
    ],
  ])('%s', async (_what, body, field, code) => {
    const response = await monitor.command(order, body as Record<string, unknown>)
    expect([response.status, response.body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(response.body.errors.map((one: { field: string; code: string }) => [one.field, one.code])).toContainEqual([field, code])
  })

  it('all of them at once are told together', async () => {
    const { body } = await monitor.command(order, { type: 'suspend', task: 7, party: 'moon', until: 'soon', colour: 'red' })
    expect(body.errors.map((one: { field: string }) => one.field).sort()).toEqual(['colour', 'party', 'reason', 'task', 'until'])
  })

  it('__proto__ is a field like any other', async () => {
    const response = await monitor
      .raw('post', commands())
      .set('Idempotency-Key', 'k')
      .set('Content-Type', 'application/json')
      .send('{"type":"urge","__proto__":{"note":"x"}}')
    expect([response.status, response.body.code]).toEqual([422, 'VALIDATION_FAILED'])
  })
})

describe('fields of a start', () => {
  it.each<[string, object, string, string]>([
    ['no process', { process: undefined }, 'process', 'REQUIRED'],
    ['no customer', { customerId: undefined }, 'customerId', 'REQUIRED'],
    ['an empty title', { title: ' ' }, 'title', 'TOO_SHORT'],
    ['a title that is very long', { title: 'x'.repeat(201) }, 'title', 'TOO_LONG'],
    ['a priority of none', { priority: 0 }, 'priority', 'TOO_SMALL'],
    ['a priority beyond the last', { priority: 5 }, 'priority', 'TOO_LARGE'],
    ['a source without a number', { source: { channel: 'crm' } }, 'source.number', 'REQUIRED'],
    ['a source with more', { source: { channel: 'crm', number: '1', by: 'x' } }, 'source.by', 'UNKNOWN_FIELD'],
    ['an unknown field', { region: '/cn' }, 'region', 'UNKNOWN_FIELD'],
  ])('%s', async (_what, more, field, code) => {
    const response = await monitor.post('/orders', { ...start, ...more })
    expect([response.status, response.body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(response.body.errors.map((one: { field: string; code: string }) => [one.field, one.code])).toContainEqual([field, code])
  })
})

describe('an Idempotency-Key', () => {
  const posts = operations.filter((op) => op.method === 'post' && op.noKey === undefined)

  it('is wanted by every POST but the login, which says why not', () => {
    expect(operations.filter((op) => op.method === 'post' && op.noKey !== undefined).map(({ id }) => id)).toEqual([
      'logIn',
      'takePayment',
      'matchPayment',
      'tryScheme',
    ])
    expect(posts.map(({ id }) => id)).toEqual([
      'makeToken',
      'startOrder',
      'giveCommand',
      'makeTrackLink',
      'makeVerification',
      'readAllNotifications',
      'readNotification',
      'saveView',
      'changeView',
      'giveMany',
      'attachFile',
      'createCustomer',
      'changePolicy',
      'changeCalendar',
      'putSchedule',
      'runSchedule',
      'releaseModel',
      'saveCampaign',
      'moveCampaign',
      'setAgentScheme',
      'saveScheme',
      'releaseScheme',
      'askSettlementRun',
      'reconcile',
      'createPerson',
      'changePerson',
      'resetPassword',
      'addAbsence',
      'addDelegation',
      'createUnit',
      'changeUnit',
      'erasePersonalData',
      'trackCommand',
      'trackAttach',
    ])
  })

  it.each(posts)('missing: $path', async ({ path }) => {
    const response = await monitor.raw('post', path.replace(/\{\w+\}/g, '1')).send({})
    expect([response.status, response.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED'])
  })

  it.each([
    ['with a blank', 'a b'],
    ['very long', 'x'.repeat(129)],
    ['not in ASCII', 'schl\u00fcssel'],
  ])('%s', async (_what, key) => {
    const response = await monitor.raw('post', commands()).set('Idempotency-Key', key).send({ type: 'urge' })
    expect([response.status, response.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID'])
  })
})

describe('an address', () => {
  it.each([
    ['/orders/o1234', 404, 'NOT_FOUND'],
    ['/orders/%2e%2e%2fetc', 404, 'NOT_FOUND'],
    [`/orders/${'a'.repeat(300)}`, 404, 'NOT_FOUND'],
    ['/orders/%00', 404, 'NOT_FOUND'],
    ['/orders/%E0%A4%A', 400, 'MALFORMED_REQUEST'],
    ['/processes/constructor', 404, 'NOT_FOUND'],
    ['/tasks/o1234/a.1/offer', 404, 'NOT_FOUND'],
    ['/nothing', 404, 'NO_SUCH_ROUTE'],
    ['/orders/o1/nothing', 404, 'NO_SUCH_ROUTE'],
  ])('%s', async (path, status, code) => {
    const response = await monitor.raw('get', path)
    expect([response.status, response.body.code]).toEqual([status, code])
    expect(response.type).toBe('application/problem+json')
  })

  it.each([
    ['delete', '/orders', 'GET, HEAD, POST'],
    ['delete', '/me', 'GET, HEAD'],
    ['post', '/tasks', 'GET, HEAD'],
    ['get', '/tokens/x', 'DELETE'],
  ] as const)('%s %s takes other methods', async (method, path, allow) => {
    const response = await monitor.raw(method, path)
    expect([response.status, response.body.code]).toEqual([405, 'METHOD_NOT_ALLOWED'])
    expect(response.headers.allow?.split(', ').sort()).toEqual(allow.split(', ').sort())
  })
})

describe('a query', () => {
  it.each([
    ['/orders?limit=0', 'limit', 'TOO_SMALL'],
    ['/orders?limit=201', 'limit', 'TOO_LARGE'],
    ['/orders?limit=ten', 'limit', 'BAD_FORMAT'],
    ['/orders?limit=1&limit=2', 'limit', 'WRONG_TYPE'],
    ['/orders?status=lost', 'status.0', 'NOT_ONE_OF'],
    ['/orders?overdue=perhaps', 'overdue', 'NOT_ONE_OF'],
    ['/orders?sort=colour', 'sort', 'NOT_ONE_OF'],
    ['/orders?colour=red', 'colour', 'UNKNOWN_FIELD'],
    ['/tasks?lane=fast', 'lane', 'NOT_ONE_OF'],
    ['/breaches?minPct=17', 'minPct', 'NOT_ONE_OF'],
    ['/customers?grade=gold', 'grade', 'NOT_ONE_OF'],
    ['/notifications?unread=1', 'unread', 'NOT_ONE_OF'],
  ])('%s', async (path, field, code) => {
    const { status, body } = await monitor.get(path)
    expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(body.errors.map((one: { field: string; code: string }) => [one.field, one.code])).toContainEqual([field, code])
  })

  it.each([
    ['neither', '', 'seq'],
    ['both', '?seq=1&time=2026-01-05T01:00:00Z', 'seq'],
    ['a moment without a zone', '?time=2026-01-05T01:00:00', 'time'],
    ['a number that is none', '?seq=first', 'seq'],
  ])('for a moment of %s', async (_what, query, field) => {
    const { status, body } = await monitor.get(`/orders/${order}/at${query}`)
    expect([status, body.errors[0].field]).toEqual([422, field])
  })

  it.each(['orders', 'tasks', 'breaches', 'notifications', 'customers', 'services', 'staff', 'units'])(
    'for a page of %s with a cursor that is none of ours',
    async (list) => {
      for (const cursor of [
        'x',
        Buffer.from('null').toString('base64url'),
        Buffer.from('[1,2,3,4,5,6]').toString('base64url'),
        Buffer.from('["\\u0000"]').toString('base64url'),
      ]) {
        const { status, body } = await monitor.get(`/${list}?cursor=${cursor}`)
        expect([cursor, status, body.code]).toEqual([cursor, 400, 'BAD_CURSOR'])
      }
    },
  )
})

describe('a problem', () => {
  it('carries the request id that the client gave, or one of ours', async () => {
    const given = await monitor.raw('get', '/orders/o1').set('X-Request-Id', 'client-7')
    expect([given.headers['x-request-id'], given.body.requestId]).toEqual(['client-7', 'client-7'])
    const ours = await monitor.raw('get', '/orders/o1').set('X-Request-Id', '<script>')
    expect(ours.body.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('of ours tells nothing of the inside', async () => {
    await door.db.pool.query('ALTER TABLE rung RENAME TO rung_away')
    const { status, body } = await monitor.get('/breaches')
    await door.db.pool.query('ALTER TABLE rung_away RENAME TO rung')
    expect([status, body.code, body.detail]).toEqual([500, 'INTERNAL', undefined])
    expect(JSON.stringify(body)).not.toMatch(/rung|relation|sql/i)
  })
})
