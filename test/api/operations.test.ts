import { readFileSync } from 'node:fs'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument, problemsOf } from '../../api/http/openapi.ts'
import { problemCodes } from '../../api/problem-codes.ts'
import { firedSince } from '../../api/queries/lateness.ts'
import { rows } from '../../api/queries/sql.ts'
import { operations } from '../../api/routes/index.ts'
import { API, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

const get = (path: string) => request(door.server).get(path)

type Json = Record<string, any>

describe('the OpenAPI document', () => {
  const document = openApiDocument(operations, API, '0.1.0') as Json

  it('is served, and says 3.1', async () => {
    const { status, body, type } = await get(`${API}/openapi.json`)
    expect([status, type, body.openapi]).toEqual([200, 'application/json', '3.1.0'])
    expect(body.info.version).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version)
    expect(body.paths).toEqual(document.paths)
  })

  it('has every operation once, with answers and problems', () => {
    const found = Object.entries(document.paths as Json).flatMap(([path, methods]) =>
      Object.entries(methods as Json).map(([method, op]) => ({ path, method, op: op as Json })),
    )
    expect(found).toHaveLength(operations.length)
    expect(new Set(found.map(({ op }) => op.operationId)).size).toBe(operations.length)
    for (const { path, method, op } of found) {
      const own = operations.find(({ id }) => id === op.operationId)!
      expect([path, method]).toEqual([own.path, own.method])
      expect(op.summary).toBeTruthy()
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(op.parameters?.filter((one: Json) => one.in === 'path').map((one: Json) => one.name) ?? []).toEqual(names)
      const key = op.parameters?.find((one: Json) => one.name === 'Idempotency-Key')
      expect(key?.required).toBe(method === 'post' && own.noKey === undefined ? true : undefined)
      expect(op.security).toEqual(own.public ? [] : [{ bearer: [] }, { cookie: [] }])
      for (const code of problemsOf(own)) expect(op.responses[problemCodes[code].status].content['application/problem+json']).toBeDefined()
      for (const [status, response] of Object.entries(op.responses as Json)) {
        expect(status).toMatch(/^[1-5]\d\d$/)
        expect((response as Json).description).toBeTruthy()
      }
    }
  })

  it('refers to nothing that is not there, and has nothing that is not referred to', () => {
    const refs = new Set([...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!))
    expect([...refs].sort()).toEqual(Object.keys(document.components.schemas as Json).sort())
  })

  it('has schemas of JSON Schema 2020-12 only', () => {
    const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'])
    const visit = (node: unknown, at: string): void => {
      if (Array.isArray(node)) return node.forEach((item, i) => visit(item, `${at}/${i}`))
      if (node === null || typeof node !== 'object') return
      const { type, nullable, exclusiveMinimum, required } = node as Json
      if (at.endsWith('/schema') || at.includes('/schema/') || at.startsWith('#/components/schemas/')) {
        if (typeof type === 'string') expect(types, at).toContain(type)
        expect(nullable, `${at}: nullable is 3.0`).toBeUndefined()
        expect(typeof exclusiveMinimum, `${at}: a boolean exclusiveMinimum is 3.0`).not.toBe('boolean')
        if (Array.isArray(required)) expect(new Set(required).size, at).toBe(required.length)
      }
      for (const [key, item] of Object.entries(node)) visit(item, `${at}/${key}`)
    }
    visit(document, '#')
  })

  it('lists every code that a problem can have', () => {
    expect(document.components.schemas.Problem.properties.code.enum).toEqual(Object.keys(problemCodes))
  })
})

describe('/docs', () => {
  it('is a page of our own, with nothing from elsewhere and no inline script', async () => {
    const redirect = await get('/docs')
    expect([redirect.status, redirect.headers.location]).toEqual([301, '/docs/'])
    const { status, text, headers } = await get('/docs/')
    expect(status).toBe(200)
    expect(text).not.toMatch(/https?:/)
    expect([...text.matchAll(/<script(.*?)>(.*?)<\/script>/gs)].map(([, , inline]) => inline)).toEqual(['', ''])
    expect(headers['content-security-policy']).toBe(
      "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';img-src 'self' data: blob:;object-src 'none';script-src 'self';style-src 'self'",
    )
    for (const [, file] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const asset = await get(`/docs/${file}`)
      expect([file, asset.status]).toEqual([file, 200])
    }
    expect((await get('/docs/start.js')).text).toContain('"url":"/api/v1/openapi.json"')
    expect((await get('/docs/start.js')).text).toContain('"validatorUrl":null')
    expect((await get('/docs/index.html')).status).toBe(404)
    expect((await get('/docs/swagger-initializer.js')).status).toBe(404)
  })
})

describe('health', () => {
  it('is told without a login: alive, and ready when record and engine answer', async () => {
    expect((await get('/healthz')).body).toEqual({ status: 'ok' })
    const ready = await get('/readyz')
    expect([ready.status, ready.body]).toEqual([200, { status: 'ready', reasons: [], checks: { database: 'ok', engine: 'ok' } }])
    door.engine.mood = 'down'
    const half = await get('/readyz')
    expect([half.status, half.body]).toEqual([
      503,
      { status: 'not ready', reasons: ['the engine cannot be reached'], checks: { database: 'ok', engine: 'failed' } },
    ])
    door.engine.mood = 'well'
    door.now.draining = true
    const draining = await get('/readyz')
    expect([draining.status, draining.body.status, draining.body.reasons]).toEqual([503, 'draining', ['this process is going down']])
    expect(draining.headers.connection).toBe('close')
    expect((await get('/healthz')).status).toBe(200)
    door.now.draining = false
  })
})

describe('/metrics', () => {
  const metrics = async () => {
    const { status, text } = await get('/metrics')
    expect(status).toBe(200)
    const value = (line: string): number =>
      Number(
        text
          .split('\n')
          .find((one) => one.startsWith(`${line} `))
          ?.slice(line.length + 1) ?? Number.NaN,
      )
    return { text, value }
  }

  it('counts requests by operation, not by address', async () => {
    const monitor = await door.as('xiaomei.lin')
    await monitor.get('/me')
    await monitor.get('/orders/onone')
    const { value, text } = await metrics()
    expect(value('paidan_http_request_seconds_count{operation="whoAmI",method="GET",status="200"}')).toBe(1)
    expect(value('paidan_http_request_seconds_count{operation="getOrder",method="GET",status="404"}')).toBe(1)
    expect(text).not.toContain('onone')
    expect(value('paidan_db_connections{state="idle"}')).toBeGreaterThan(0)
  })

  it('tells how late the rungs fired, as the record has it, each once', async () => {
    const bucket = (le: string) => `paidan_rung_lateness_seconds_bucket{le="${le}"}`
    const before = await metrics()
    expect([before.value(bucket('+Inf')), before.value('paidan_rung_lateness_seconds_count')]).toEqual([0, 0])
    const order = await startFault(door)
    // 80 % at 12 min and 100 % at 15 min: three minutes and none late.
    door.now.value = MONDAY + 15 * MINUTE
    await door.engine.tick(order)
    const after = await metrics()
    expect(after.text).toContain('# TYPE paidan_rung_lateness_seconds histogram')
    expect([after.value(bucket('0.01')), after.value(bucket('60')), after.value(bucket('600')), after.value(bucket('+Inf'))]).toEqual([
      1, 1, 2, 2,
    ])
    expect([after.value('paidan_rung_lateness_seconds_sum'), after.value('paidan_rung_lateness_seconds_count')]).toEqual([180, 2])
    // Long after, when they are counted once and remembered, and another has fired.
    door.now.value = MONDAY + 60 * MINUTE
    expect((await metrics()).value(bucket('+Inf'))).toBe(2)
    await door.engine.tick(order)
    expect((await metrics()).value(bucket('+Inf'))).toBe(4)
    door.now.value = MONDAY + 120 * MINUTE
    expect((await metrics()).value(bucket('+Inf'))).toBe(4)
    expect((await metrics()).value('paidan_open_tasks{status="offered"}')).toBe(1)
    expect((await metrics()).value('paidan_overdue_tasks')).toBe(1)
    expect((await metrics()).value('paidan_open_breaches')).toBe(3)
    door.now.value = MONDAY
  })

  it('does not put down to the engine what was over before its task was opened', async () => {
    const began = MONDAY + 300 * MINUTE
    door.now.value = began
    const order = await startFault(door)
    await door.db.pool.query('UPDATE task SET opened_at = $2 WHERE order_id = $1', [order, new Date(began + 14 * MINUTE)])
    door.now.value = began + 15 * MINUTE
    await door.engine.tick(order)
    // 80 % was due at 12 min, two minutes before there was a task.
    const fired = await rows<{ late_ms: string }>(door.db.pool, firedSince(new Date(began)))
    expect(fired.map(({ late_ms }) => Number(late_ms)).sort((x, y) => x - y)).toEqual([0, MINUTE])
    door.now.value = MONDAY
  })
})

describe('every answer', () => {
  it('forbids framing, sniffing and caching, and names no server', async () => {
    const { headers } = await (await door.as('xiaomei.lin')).get('/me')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-powered-by']).toBeUndefined()
    expect(headers['strict-transport-security']).toBeUndefined()
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})
