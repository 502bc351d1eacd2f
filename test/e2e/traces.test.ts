/** One trace from a request to its statements, across both programs, as a collector gets it; and nothing without a collector. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadTracing, noTracing } from '../../worker/config/tracing.ts'
import { freePort } from '../../worker/stack/ports.ts'
import { type Program, startProgram, tokenOf } from '../support/program.ts'
import { begin, openWorld, type World } from '../support/world.ts'

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  service: string
  attributes: Record<string, string>
}

interface Sent {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: { spans: (Omit<Span, 'attributes' | 'service'> & { attributes: Attribute[] })[] }[]
  }[]
}
interface Attribute {
  key: string
  value: Record<string, unknown>
}

const spans: Span[] = []
let collector: Server
let world: World
let programs: Program[]
let url: string

const textOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]))

beforeAll(async () => {
  collector = createServer((req, res) => {
    let body = ''
    req.on('data', (chunk: Buffer) => (body += chunk.toString()))
    req.on('end', () => {
      expect(req.url).toBe('/v1/traces')
      for (const { resource, scopeSpans } of (JSON.parse(body) as Sent).resourceSpans)
        for (const span of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({ ...span, attributes: textOf(span.attributes), service: textOf(resource.attributes)['service.name']! })
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  world = await openWorld({ noWorker: true })
  const port = await freePort()
  url = `http://127.0.0.1:${port}/api/v1`
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` }
  programs = await Promise.all([
    startProgram(world, 'worker/main.ts', env),
    startProgram(world, 'api/main.ts', { ...env, PORT: String(port), DRAIN_NOTICE_MS: '0', LOG_LEVEL: 'debug' }),
  ])
})
afterAll(async () => {
  for (const { child } of programs ?? []) if (child.exitCode === null) child.kill('SIGKILL')
  collector?.close()
  await world?.close()
})

it('goes from the request through the update, the turn of the workflow and the activity to each statement', async () => {
  const order = await begin(world, 'fault-level-1')
  const [traceId, mine] = [randomUUID().replaceAll('-', ''), 'a1b2c3d4e5f60718']
  const key = randomUUID()
  const response = await fetch(`${url}/orders/${order}/commands`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf(world, 'director')}`,
      'content-type': 'application/json',
      'idempotency-key': key,
      traceparent: `00-${traceId}-${mine}-01`,
    },
    body: JSON.stringify({ type: 'comment', text: 'followed' }),
  })
  expect(response.status).toBe(200)
  // Told to stop, both hand over what they have.
  for (const { child } of programs) child.kill('SIGTERM')
  expect(await Promise.all(programs.map(({ exited }) => exited))).toEqual([0, 0])

  const trace = spans.filter((span) => span.traceId === traceId)
  const byId = new Map(trace.map((span) => [span.spanId, span]))
  const way = (span: Span): string[] => {
    const parent = byId.get(span.parentSpanId ?? '')
    return [`${span.service}: ${span.name}`, ...(parent ? way(parent) : [])]
  }
  // Every span hangs below the one that asked.
  expect(trace.filter(({ parentSpanId }) => !byId.has(parentSpanId ?? '')).map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
    ['giveCommand', mine],
  ])
  const write = trace.find(({ name, service }) => service === 'paidan-worker' && name.startsWith('SQL recorder-write'))!
  expect(way(write).slice(1)).toEqual([
    'paidan-worker: activity record',
    'paidan-worker: workflow turn',
    'paidan-api: engine act',
    'paidan-api: giveCommand',
  ])
  expect(write.attributes['db.query.text']).toMatch(/^WITH o AS \( UPDATE orders/)
  expect(JSON.stringify(trace)).not.toContain('followed')
  expect(trace.some((span) => way(span).length === 2 && span.service === 'paidan-api' && span.name.startsWith('SQL'))).toBe(true)
  const door = trace.find(({ name }) => name === 'giveCommand')!
  expect(door.attributes).toMatchObject({ 'paidan.order': order, 'paidan.command': key, 'http.response.status_code': '200' })
  // Logs name the trace.
  expect(programs[1]!.output()).toContain(`"trace":"${traceId}"`)
  // The opening was asked for by somebody without a trace: one of its own.
  const opening = spans.find(({ name, attributes }) => name === 'workflow turn' && attributes['paidan.base'] === '0')!
  expect(opening.traceId).not.toBe(traceId)
})

it('is not even loaded where no collector is named', async () => {
  expect(await loadTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: undefined }, 'x')).toBe(noTracing)
  const sources = ['api', 'activities', 'worker', 'prisma', 'domain', 'workflows'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
      .map((file) => join(room, file)),
  )
  const importing = (pattern: RegExp) => sources.filter((file) => pattern.test(readFileSync(file, 'utf8')))
  expect(importing(/from '@opentelemetry\//)).toEqual([join('worker', 'config', 'tracing-otel.ts')])
  expect(importing(/from '.*tracing-otel\.ts'/)).toEqual([])
})
