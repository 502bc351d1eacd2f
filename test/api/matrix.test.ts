import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSecret, secretHash } from '../../api/auth/tokens.ts'
import { openApiDocument } from '../../api/http/openapi.ts'
import { operations } from '../../api/routes/index.ts'
import { type RoleId, roles } from '../../domain/roles.ts'
import { type Json, random, sample } from '../support/json-schema.ts'
import { API, type Door, MONDAY, openDoor, startFault } from './support/door.ts'
import { asks, matrix, named } from './support/matrix.ts'

/**
 * Every operation, asked by somebody of every role whose place contains the things asked for, by somebody of the same role in another
 * province, and by nobody. What comes is held against test/api/support/matrix.ts, which has a line for each operation.
 */
type Outcome = 'y' | 'f' | 'h'

let door: Door
let port: number
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
const sessions = new Map<string, string>()
const values: Record<string, any> = { task: 'accept-fault.1', id: '', order: '' }
const document = openApiDocument(operations, API, '0') as Json

const everyRole = Object.keys(roles) as RoleId[]
const places = ['inside', 'outside'] as const

beforeAll(async () => {
  door = await openDoor()
  port = (door.server.address() as AddressInfo).port
  const order = await startFault(door)
  const { rows } = await door.db.pool.query('SELECT customer_id FROM orders WHERE id = $1', [order])
  const file = await (await door.as('xiaomei.lin'))
    .raw('post', `/orders/${order}/attachments`)
    .set('Idempotency-Key', randomUUID())
    .attach('file', Buffer.from('x'), 'x.txt')
  const director = await door.as('vp')
  const { body } = await director.get('/policies?kind=screening')
  const [policy] = body.items as [Json]
  const field = Object.keys(policy.spec as Json).find((name) => typeof (policy.spec as Json)[name] === 'number')!
  const spec = { ...(policy.spec as Json), [field]: (policy.spec as Json)[field] + 1 }
  const timer = { process: 'abnormal-customer-tracking', title: 'm', cron: '0 2 * * *', input: { entry: 'run' } }
  expect((await director.post('/schedules/matrix', timer)).status).toBe(201)
  Object.assign(values, {
    schedules: 'matrix',
    policies: policy.id,
    kind: 'screening',
    policy: spec,
    orders: order,
    tasks: order,
    order,
    customers: rows[0].customer_id,
    file: file.body.id,
  })
  await door.db.pool.query(`INSERT INTO region VALUES ('/cn/zz', 'z', 'z', 'province')`)
  for (const [place, region] of [
    ['inside', '/cn/js'],
    ['outside', '/cn/zz'],
  ]) {
    await door.db.pool.query(`INSERT INTO org_unit (id, name_zh, name_en, kind, region_path) VALUES ($1, 'm', 'm', 'maintenance', $2)`, [
      `matrix-${place}`,
      region,
    ])
    for (const role of everyRole) {
      const id = `matrix-${place}-${role}`
      const secret = newSecret()
      sessions.set(`${place} ${role}`, secret)
      await door.db.pool.query(
        `INSERT INTO staff (id, login, name_zh, name_en, password_hash, unit_id, region_path) VALUES ($1, $1, 'm', 'm', 'none', $2, $3)`,
        [id, `matrix-${place}`, region],
      )
      await door.db.pool.query('INSERT INTO staff_role (staff_id, role, unit_id) VALUES ($1, $2, $3)', [id, role, `matrix-${place}`])
      await door.db.pool.query(
        `INSERT INTO session (token_hash, staff_id, kind, created_at, expires_at, last_seen_at) VALUES ($1, $2, 'bearer', $3, '2100-01-01', '2100-01-01')`,
        [secretHash(secret), id, new Date(MONDAY)],
      )
    }
  }
})
afterAll(async () => {
  agent.destroy()
  await door.close()
})

interface Sent {
  status: number
  code: string
}

function ask(method: string, path: string, body: unknown, secret: string | undefined): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const headers = {
      'Idempotency-Key': randomUUID(),
      'Content-Type': 'application/json',
      ...(secret && { Authorization: `Bearer ${secret}` }),
    }
    const sent = request({ agent, port, host: '127.0.0.1', method: method.toUpperCase(), path: `${API}${path}`, headers }, (response) => {
      // A stream has no end: its head says enough.
      if (response.headers['content-type']?.startsWith('text/event-stream')) {
        response.destroy()
        return resolve({ status: response.statusCode!, code: '' })
      }
      let text = ''
      response.on('data', (piece) => (text += piece))
      response.on('end', () => {
        const problem = response.headers['content-type']?.startsWith('application/problem+json')
        resolve({ status: response.statusCode!, code: problem ? (JSON.parse(text) as { code: string }).code : '' })
      })
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** A body with what the test has made. */
function filled(body: unknown): unknown {
  if (typeof body === 'string' && body.startsWith('$')) return values[body.slice(1)] as unknown
  if (Array.isArray(body)) return body.map(filled)
  if (body === null || typeof body !== 'object') return body
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, filled(value)]))
}

/** Address and body of an operation: those of its line, else from the document. */
function requestFor(op: (typeof operations)[number]): { path: string; body: unknown } {
  const own = asks[op.id]
  const described = (document.paths as Json)[op.path][op.method] as Json
  const next = random(1)
  const options = { document, next, optional: 0 }
  const first = op.path.split('/')[1]!
  const path = op.path.replace(
    /\{(\w+)\}/g,
    (_, name: string) => own?.params?.[name] ?? (name === 'id' ? values[first] : values[name]) ?? 'none',
  )
  const query = ((described.parameters as Json[] | undefined) ?? [])
    .filter((one) => one.in === 'query' && one.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(sample(schema as Json, options, name as string)))}`)
  const schema = described.requestBody?.content?.['application/json']?.schema as Json | undefined
  const given = own?.query ? [own.query] : query
  return { path: `${path}${given.length > 0 ? `?${given.join('&')}` : ''}`, body: filled(own?.body) ?? (schema && sample(schema, options)) }
}

const outcomeOf = ({ status }: Sent): Outcome => (status === 403 ? 'f' : status === 404 ? 'h' : 'y')

/** The roles of a set, e.g. `company`, `supervisor+auditor`, `-`. */
const rolesOf = (text: string): RoleId[] =>
  text === '-' ? [] : [...new Set(text.split('+').flatMap((name): readonly RoleId[] => named[name] ?? [name as RoleId]))]

/** What the line says: `set:outcome` in turn, the first that has the role holds; the last is for the rest. */
function expected(line: string, role: RoleId): Outcome {
  const parts = line.split(' ')
  for (const part of parts) {
    const [set, outcome] = part.split(':') as [string, Outcome | undefined]
    if (outcome === undefined) return set as Outcome
    if (rolesOf(set).includes(role)) return outcome
  }
  throw new Error(`"${line}" says nothing of ${role}`)
}

/** A line as it would have to be, for who adds an operation. */
function lineFor(found: ReadonlyMap<RoleId, Outcome>): string {
  const having = (outcome: Outcome) => everyRole.filter((role) => found.get(role) === outcome)
  const rest = (['f', 'h', 'y'] as const).reduce((a, b) => (having(b).length > having(a).length ? b : a))
  const same = (list: readonly RoleId[]) =>
    Object.keys(named).find((name) => named[name]!.length === list.length && list.every((role) => named[name]!.includes(role))) ??
    list.join('+')
  const others = (['y', 'f', 'h'] as const).filter((one) => one !== rest && having(one).length > 0)
  return [...others.map((one) => `${same(having(one))}:${one}`), rest].join(' ')
}

describe('role × place × operation', () => {
  /** What is made under a name can be made once: `~n~` in an address is another number each time. */
  let asked = 0

  it('has a line for every operation and none too many', () => {
    expect(Object.keys(matrix).filter((id) => !operations.some((op) => op.id === id))).toEqual([])
    for (const line of Object.values(matrix).flat())
      for (const part of line.split(' '))
        for (const name of part.split(':')[0]!.split('+'))
          expect(part.includes(':') ? Object.hasOwn(named, name) || Object.hasOwn(roles, name) || name === '-' : true, part).toBe(true)
  })

  // The one that ends the session it is asked with comes last.
  const inTurn = [...operations].sort((a, b) => Number(a.id === 'logOut') - Number(b.id === 'logOut'))

  it.each(inTurn.filter((op) => !op.public))('$id', async (op) => {
    const { path, body } = requestFor(op)
    expect(await ask(op.method, path, body, undefined)).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
    const lines: string[] = []
    for (const place of places) {
      const found = new Map<RoleId, Outcome>()
      const lanes = everyRole.values()
      const lane = async () => {
        for (const role of lanes) {
          const answer = await ask(op.method, path.replace('~n~', String(++asked)), body, sessions.get(`${place} ${role}`))
          // Wrong values are refused before it is asked who may: then this line would prove nothing.
          expect(
            ['VALIDATION_FAILED', 'MALFORMED_JSON'],
            `${op.id} ${path}: give a body or query in asks: ${JSON.stringify(body)}`,
          ).not.toContain(answer.code)
          expect(answer.status, `${op.id} as ${role}`).toBeLessThan(500)
          found.set(role, outcomeOf(answer))
        }
      }
      await Promise.all([lane(), lane(), lane(), lane()])
      const line = matrix[op.id]?.[place === 'inside' ? 0 : 1]
      lines.push(lineFor(found))
      if (line !== undefined)
        for (const [role, outcome] of found) expect([op.id, place, role, outcome]).toEqual([op.id, place, role, expected(line, role)])
    }
    expect(
      matrix[op.id],
      `no line for the operation; if this is as it should be, add\n  ${op.id}: ['${lines[0]}', '${lines[1]}'],\n`,
    ).toBeDefined()
  })

  it('leaves open to everybody only what must be', () => {
    expect(operations.filter((op) => op.public).map(({ id }) => id)).toEqual([
      'logIn',
      'beginSso',
      'endSso',
      'track',
      'trackCommand',
      'trackAttach',
    ])
  })
})
