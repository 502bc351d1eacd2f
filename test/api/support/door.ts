/** The real door on a database of its own, with the engine in this process and a clock that the test moves. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import request, { type Response, type Test } from 'supertest'
import { createApp } from '../../../api/app.ts'
import { newSecret, secretHash } from '../../../api/auth/tokens.ts'
import { person } from '../../../prisma/seed/organisation.ts'
import { type Config, loadConfig } from '../../../worker/config/config.ts'
import { processes } from '../../../workflows/processes.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { checkAnswer } from './contract.ts'
import { LocalEngine } from './local-engine.ts'

/** Monday, 5 January 2026, 09:00 in China. */
export const MONDAY = Date.UTC(2026, 0, 5, 1)
export const MINUTE = 60_000

type Headers = Record<string, string>

/** HTTP as one person. Answers are held against the operation's description. */
export interface Caller {
  id: string
  /** With which it says who asks. */
  identity: Headers
  get(path: string, headers?: Headers): Promise<Response>
  post(path: string, body: unknown, headers?: Headers): Promise<Response>
  del(path: string, headers?: Headers): Promise<Response>
  /** A command with a key of its own, unless `key` is given. */
  command(order: string, body: Record<string, unknown>, headers?: Headers): Promise<Response>
  /** A request to finish by hand. */
  raw(method: 'get' | 'post' | 'delete', path: string): Test
}

export interface Door {
  db: TestDatabase
  engine: LocalEngine
  server: Server
  config: Config
  files: string
  now: { value: number; draining: boolean }
  as(login: string): Promise<Caller>
  anybody: Caller
  close(): Promise<void>
}

export const API = '/api/v1'

export async function openDoor(
  env: Record<string, string> = {},
  logger: Logger = pino({ level: process.env.DOOR_LOG ?? 'silent' }),
): Promise<Door> {
  const db = await createTestDatabase()
  // Absences lie around the day on which the template was made; tests that want one make it.
  await db.pool.query('DELETE FROM delegation; DELETE FROM absence')
  const files = mkdtempSync(join(tmpdir(), 'paidan-files-'))
  const config = loadConfig({ LOG_LEVEL: 'silent', ATTACHMENTS_DIR: files, ...env })
  const now = { value: MONDAY, draining: false }
  const engine = new LocalEngine(db.pool, processes, () => now.value)
  const app = createApp({
    pool: db.pool,
    prisma: db.prisma,
    engine,
    config,
    logger,
    now: () => now.value,
    draining: () => now.draining,
  })
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const callers = new Map<string, Promise<Caller>>()
  return {
    db,
    engine,
    server,
    config,
    files,
    now,
    as(login) {
      const known = callers.get(login) ?? signIn(db, server, person(login).id)
      callers.set(login, known)
      return known
    },
    anybody: caller(server, '', {}),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await db.drop()
      rmSync(files, { recursive: true, force: true })
    },
  }
}

/** A bearer session that outlives every test, without the cost of a password. */
async function signIn(db: TestDatabase, server: Server, staff: string): Promise<Caller> {
  const secret = newSecret()
  await db.pool.query(
    `INSERT INTO session (token_hash, staff_id, kind, created_at, expires_at, last_seen_at) VALUES ($1, $2, 'bearer', $3, '2100-01-01', '2100-01-01')`,
    [secretHash(secret), staff, new Date(MONDAY)],
  )
  return caller(server, staff, { Authorization: `Bearer ${secret}` })
}

export function caller(server: Server, id: string, identity: Headers): Caller {
  const raw = (method: 'get' | 'post' | 'delete', path: string) => request(server)[method](`${API}${path}`).set(identity)
  const checked = async (method: string, path: string, test: Test): Promise<Response> => {
    const response = await test
    checkAnswer(method, `${API}${path}`, { status: response.status, type: response.type, body: response.body, headers: response.headers })
    return response
  }
  const post = (path: string, body: unknown, headers: Headers = {}) =>
    checked(
      'POST',
      path,
      raw('post', path)
        .set('Idempotency-Key', randomUUID())
        .set(headers)
        .send(body as object),
    )
  return {
    id,
    identity,
    raw,
    post,
    get: (path, headers = {}) => checked('GET', path, raw('get', path).set(headers)),
    del: (path, headers = {}) => checked('DELETE', path, raw('delete', path).set(headers)),
    command: (order, body, headers) => post(`/orders/${order}/commands`, body, headers),
  }
}

/** A service whose circuit ends in the region, with what the record knows about it. */
export async function serviceIn({ db }: Door, region: string, group = 'bandwidth') {
  const { rows } = await db.pool.query<{ id: string; no: string; customer: string; product: string; region: string }>(
    `SELECT s.id, s.no, s.customer_id AS customer, s.product_id AS product, s.region_path AS region
       FROM service s JOIN product p ON p.id = s.product_id
      WHERE starts_with(s.region_path, $1) AND p.product_group = $2 AND s.site_id IS NOT NULL ORDER BY p.vendor_unit_id NULLS FIRST, s.id LIMIT 1`,
    [region, group],
  )
  if (!rows[0]) throw new Error(`no service of ${group} in ${region}`)
  return rows[0]
}

export const faultInput = (service: string) => ({ service, symptom: 'loss of signal', reporter: 'Mr Li', source: '10000+9' })

/** Starts a graded fault in the region and answers its id. */
export async function startFault(
  door: Door,
  { by = 'xiaomei.lin', region = '/cn/js/nj', group = 'bandwidth', headers = {} } = {},
): Promise<string> {
  const service = await serviceIn(door, region, group)
  const response = await (await door.as(by)).post(
    '/orders',
    { process: 'graded-fault', customerId: service.customer, title: `fault in ${region}`, input: faultInput(service.id) },
    headers,
  )
  if (response.status !== 201) throw new Error(JSON.stringify(response.body))
  return (response.body as { order: string }).order
}
