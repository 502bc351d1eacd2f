import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openApiDocument } from '../../api/http/openapi.ts'
import { isProblemCode } from '../../api/problem-codes.ts'
import { operations } from '../../api/routes/index.ts'
import { type Json, pick, random, sample } from '../support/json-schema.ts'
import { API, type Caller, type Door, openDoor, startFault } from './support/door.ts'

/**
 * Requests made from the OpenAPI document: valid ones, the same with something wrong in them, and what attackers send. Whatever comes
 * must be answered soon, with a status that is not 500, and without a word about the inside.
 * All 10 000: HOSTILE_REQUESTS=10000 npx vitest run test/api/hostile.test.ts; another course: HOSTILE_SEED=2
 */
const REQUESTS = Number(process.env.HOSTILE_REQUESTS ?? 1_000)
const SEED = Number(process.env.HOSTILE_SEED ?? 1)
const AT_A_TIME = 8
const SLOWEST_MS = 20_000
/** Growth of the heap over the last three quarters of a run, after collection. */
const GROWTH_MB = 60

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

let door: Door
let callers: Caller[]
let port: number
let order: string
const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME })
beforeAll(async () => {
  door = await openDoor()
  port = (door.server.address() as AddressInfo).port
  order = await startFault(door)
  callers = [
    ...(await Promise.all(['xiaomei.lin', 'director', 'vp', 'finance', 'vendor', 'auditor'].map((login) => door.as(login)))),
    door.anybody,
  ]
})
afterAll(async () => {
  agent.destroy()
  await door.close()
})

const document = openApiDocument(operations, API, '0') as Json
const next = random(SEED)
const chance = (share: number) => next() < share

const hostile: readonly unknown[] = [
  "'; DROP TABLE orders; --",
  "' OR '1'='1",
  '1 UNION SELECT token_hash FROM session',
  '$1',
  '%',
  '_%_',
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  'file:///etc/passwd',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00\ud800',
  '\u202egnp.exe',
  '\ufeff',
  '🧨'.repeat(50),
  '<script>alert(1)</script>',
  '{{7*7}}<%= 7*7 %>#{7*7}',
  '$(id)',
  '`id`',
  '=HYPERLINK("http://x")',
  'sealed:1:' + 'A'.repeat(60),
  'sealed:999999999:' + 'A'.repeat(60),
  'digest:' + '0'.repeat(64),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'x'.repeat(10_000),
  '9'.repeat(400),
  '1e309',
  'NaN',
  '-0',
  '2026-02-30T25:61:61Z',
  '275760-09-13T00:00:00.001Z',
  '0000-00-00T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  -1,
  0,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  true,
  null,
  [],
  {},
  [[[[]]]],
  { $ne: null },
  { __proto__x: 1 },
  { toString: 1, valueOf: 1 },
]

const deep = (depth: number, open: string, close: string, core: string) => open.repeat(depth) + core + close.repeat(depth)

/** Bodies that are no value of any schema, as they go over the wire. */
const raw: readonly (() => string | Buffer)[] = [
  () => deep(5_000, '[', ']', '1'),
  () => deep(5_000, '{"a":', '}', '1'),
  () => '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}',
  () => `{"type":"comment","text":${JSON.stringify('x'.repeat(250_000))}}`,
  () => `{"type":"comment","text":${JSON.stringify('x'.repeat(300_000))}}`,
  () => `{${Array.from({ length: 5_000 }, (_, i) => `"f${i}":${i}`).join()}}`,
  () => '{"type":"urge","type":"withdraw"}',
  () => '{"type":"urge"',
  () => '\ufeff{"type":"urge"}',
  () => Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  () => Buffer.from('{"text":"\xc3\x28"}', 'latin1'),
  () => Buffer.alloc(1_000, 0),
  () => '{"n":1e99999}',
  () => 'null',
  () => '',
]

/** One place of the value becomes something else, goes away, or gets a neighbour that nobody expects. */
function mutate(value: unknown): unknown {
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0 && chance(0.85)) {
    const copy: Json = Array.isArray(value) ? [...(value as unknown[])] : { ...value }
    const key = pick(next, Object.keys(copy))
    if (chance(0.15)) delete copy[key]
    else if (chance(0.1)) copy[pick(next, ['extra', 'admin', 'constructor', 'id', 'customer_id'])] = pick(next, hostile)
    else copy[key] = mutate(copy[key])
    return copy
  }
  return pick(next, hostile)
}

interface Ask {
  op: string
  method: string
  path: string
  headers: Record<string, string>
  body: string | Buffer | undefined
}

const ids = { id: () => order, order: () => order, task: () => 'accept-fault.1', kind: () => 'limits' } as Record<string, () => string>
const encoded = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  try {
    return encodeURIComponent(text)
  } catch {
    // Half a character has no encoding: as the bytes that somebody would send.
    return '%ED%A0%80'
  }
}

const all = Object.entries(document.paths as Json).flatMap(([path, methods]) =>
  Object.entries(methods as Json)
    .filter(([, op]) => !['streamEvents', 'stream', 'live'].includes((op as Json).operationId as string) && path !== '/stream')
    .map(([method, op]) => ({ path, method, op: op as Json })),
)

function makeAsk(n: number): Ask & { caller: Caller } {
  // Every operation has its turn, valid, mutated and hostile.
  const { path, method, op } = all[n % all.length]!
  const manner = pick(next, ['valid', 'valid', 'mutated', 'mutated', 'hostile'] as const)
  const options = { document, next, known: { task: ['accept-fault.1'], orders: [[order]], person: [callers[0]!.id] } }
  const parameters = (op.parameters as Json[] | undefined) ?? []
  const bad = (share: number) => manner !== 'valid' && chance(manner === 'hostile' ? 0.7 : share)
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (bad(0.3))
      return chance(0.2)
        ? pick(next, ['%', '%E0%A4%A', '..', '%00', '.', '%2e%2e', 'a'.repeat(5_000)])
        : encoded(pick(next, hostile)).slice(0, 6_000)
    const schema = (parameters.find((one) => one.in === 'path' && one.name === name)?.schema as Json | undefined) ?? { type: 'string' }
    return encoded(ids[name] && chance(0.8) ? ids[name]() : sample(schema, options, name))
  })
  const query = parameters
    .filter((one) => one.in === 'query' && (one.required || chance(0.3)))
    .map(
      ({ name, schema }) =>
        `${name}=${encoded(bad(0.5) ? pick(next, hostile) : sample(schema as Json, options, name as string)).slice(0, 6_000)}`,
    )
  if (manner === 'hostile' && chance(0.2))
    query.push(pick(next, ['__proto__[x]=1', 'limit[]=1', 'limit[a][b]=1', 'a&b&c', '=', '&&&', `x=${'y'.repeat(6_000)}`]))
  const schema = op.requestBody?.content?.['application/json']?.schema as Json | undefined
  let body: string | Buffer | undefined
  const headers: Record<string, string> = { 'Idempotency-Key': `key-${SEED}-${n}`, 'Content-Type': 'application/json' }
  if (schema) {
    const value = sample(schema, options)
    body = JSON.stringify(manner === 'valid' ? value : mutate(value))
    if (manner === 'hostile' && chance(0.5)) body = pick(next, raw)()
  }
  if (op.requestBody?.content?.['multipart/form-data']) {
    headers['Content-Type'] = 'multipart/form-data; boundary=b'
    const name =
      manner === 'valid'
        ? 'a.txt'
        : pick(next, ['../../x.txt', 'a\u0000.txt', '', 'x'.repeat(3_000) + '.txt', 'con.txt', 'a.svg', 'a.html'])
    body = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/html\r\n\r\n<script>x</script>${n}\r\n--b--\r\n`
    if (manner === 'hostile') body = pick(next, [body.slice(0, -20), '--b\r\n\r\n', body.repeat(3)])
  }
  if (manner === 'hostile' && chance(0.15))
    Object.assign(
      headers,
      pick(next, [
        { 'Content-Type': 'application/json; charset=utf-7' },
        { 'Content-Type': 'text/plain' },
        { 'Content-Encoding': 'gzip' },
        { 'Content-Encoding': 'br' },
        { 'Idempotency-Key': 'x'.repeat(5_000) },
        { 'If-Match': '"99999999999999999999"' },
        { 'If-Match': 'W/"1"' },
        { Authorization: 'Bearer ' + 'x'.repeat(5_000) },
        { Cookie: 'paidan=' + 'x'.repeat(5_000) },
        { 'X-Request-Id': '<script>' },
        { 'X-Forwarded-For': '::1, x, ' + '1'.repeat(2_000) },
        { 'Accept-Language': 'x'.repeat(2_000) },
        { Origin: 'null' },
        { Range: 'bytes=0-0,1-1,5-2' },
      ]),
    )
  // What is not to be undone for the rest of the run.
  const caller = op.operationId === 'logOut' ? door.anybody : pick(next, callers)
  return { caller, op: op.operationId as string, method, path: `${API}${url}${query.length ? `?${query.join('&')}` : ''}`, headers, body }
}

function send({
  method,
  path,
  headers,
  body,
  caller,
}: Ask & { caller: Caller }): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: method.toUpperCase(),
        path,
        headers: { ...headers, ...(headers.Authorization ? {} : caller.identity) },
        timeout: SLOWEST_MS,
      },
      (response) => {
        let text = ''
        response.setEncoding('latin1')
        response.on('data', (piece: string) => (text += piece))
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
        response.on('error', reject)
      },
    )
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${SLOWEST_MS} ms`)))
    sent.on('error', reject)
    sent.end(body)
  })
}

/** What an answer must not tell: places in the code, statements, names of programs. */
const INSIDE =
  /\bat .{1,200}[(/][^ )]*\.[cm]?[jt]s:\d+|node_modules|\/work\/|node:internal|SELECT .{1,200} FROM|syntax error at or near|violates|relation "|invalid input syntax|PrismaClient|postgres(ql)?:\/\//

it(`${REQUESTS} requests of seed ${SEED} are all answered well, and cost no memory`, { timeout: 60_000 + REQUESTS * 100 }, async () => {
  const wrong: string[] = []
  const counts: Record<string, number> = {}
  let lost = 0
  let base = 0
  let peak = 0
  let n = 0
  const heap = () => {
    collect()
    return process.memoryUsage().heapUsed / 1_048_576
  }
  const lane = async () => {
    while (n < REQUESTS) {
      const mine = n++
      const ask = makeAsk(mine)
      if (mine === Math.floor(REQUESTS / 4)) base = heap()
      const shown = `#${mine} ${ask.op} ${ask.method} ${ask.path.slice(0, 200)} ${String(ask.body ?? '').slice(0, 200)}`
      try {
        const { status, headers, text } = await send(ask)
        counts[status] = (counts[status] ?? 0) + 1
        if (status === 500 || status === 502 || status < 200) wrong.push(`${status} ${shown}: ${text.slice(0, 300)}`)
        if (status >= 400) {
          const code = headers['content-type']?.startsWith('application/problem+json')
            ? (JSON.parse(text) as { code: string }).code
            : undefined
          // What Node itself cannot read as HTTP never reaches the application, and is answered without a body.
          if (!isProblemCode(code) && !(status === 400 && text === '') && status !== 431)
            wrong.push(`no problem document: ${status} ${shown}: ${text.slice(0, 300)}`)
        }
        // A client's own words may be quoted back.
        if (status >= 400 && INSIDE.test(text) && !INSIDE.test(decodeURIComponentSafe(shown)))
          wrong.push(`tells of the inside: ${shown}: ${text.slice(0, 300)}`)
      } catch (error) {
        // A body that breaks off or lies about itself may cost the connection, never more than that.
        const { code } = error as { code?: string }
        if (code === 'ECONNRESET' || code === 'EPIPE') lost++
        else wrong.push(`${String(error)} ${shown}`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, lane))
  peak = heap()
  if (process.env.HOSTILE_REQUESTS) console.log({ counts, lost, base: Math.round(base), peak: Math.round(peak) })
  expect(wrong.slice(0, 10)).toEqual([])
  expect(lost).toBeLessThan(REQUESTS / 50)
  // The course has met all of it: what is right, and what is refused in many ways.
  for (const status of ['200', '201', '400', '401', '403', '404', '422'])
    expect([status, (counts[status] ?? 0) > 0]).toEqual([status, true])
  expect(peak - base).toBeLessThan(GROWTH_MB)
  expect(({} as Record<string, unknown>).admin).toBeUndefined()
  // All of it is still there, and works.
  expect((await callers[0]!.get(`/orders/${order}`)).status).toBe(200)
  expect((await (await door.as('auditor')).get(`/orders/${order}/verification`)).body.ok).toBe(true)
})

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
