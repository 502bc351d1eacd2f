/** Mounts operations: who asks, may it come from there, is it well-formed, do it, answer. In this order, so that a stranger learns nothing. */
import type { Express, Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import { unsealAll } from '../../prisma/personal.ts'
import { abilityFor } from '../auth/ability.ts'
import { authenticate } from '../auth/authenticate.ts'
import { scopeFor } from '../auth/token-scopes.ts'
import { cameFrom } from '../auth/cross-site.ts'
import type { Deps } from '../deps.ts'
import { type FieldError, fieldError, fieldErrors } from '../field-errors.ts'
import { Problem } from '../problem.ts'
import { json } from './json.ts'
import { type Caller, type Ctx, type Operation, type Reply, wantsKey } from './operation.ts'

const UNSTORABLE = { zh: '文本不能含有空字符或半个字符', en: 'texts must not hold NUL or half a character' }

/** Mounts all operations below `base`; a known path with another method answers 405. */
export function mount(
  app: Express,
  base: string,
  operations: readonly Operation[],
  deps: Deps,
  guards: Readonly<Record<string, readonly RequestHandler[]>> = {},
): void {
  const paths = new Map<string, Operation[]>()
  for (const op of operations) paths.set(op.path, [...(paths.get(op.path) ?? []), op])
  for (const [path, ops] of paths) {
    const route = app.route(`${base}${path.replace(/\{(\w+)\}/g, ':$1')}`)
    for (const op of ops) {
      route[op.method](...(guards[op.id] ?? []), (req, res) => run(op, deps, req, res))
    }
    const allow = [...new Set(ops.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])))].join(', ')
    route.all(() => {
      throw new Problem('METHOD_NOT_ALLOWED', { says: { zh: `支持的方法：${allow}`, en: `it takes ${allow}` }, headers: { Allow: allow } })
    })
  }
}

async function run(op: Operation, deps: Deps, req: Request, res: Response): Promise<void> {
  res.locals.operation = op.id
  const now = new Date(deps.now())
  const caller = op.public ? undefined : await identify(deps, op, req, now)
  const key = wantsKey(op) ? idempotencyKey(req) : ''
  if (op.body) await readBody(req, res)
  const errors: FieldError[] = []
  const take = (schema: z.ZodType | undefined, value: unknown, prefix: string): unknown => {
    if (!schema) return undefined
    const parsed = schema.safeParse(value)
    if (parsed.success) {
      if (unstorable(parsed.data)) errors.push(fieldError(prefix || 'body', 'BAD_FORMAT', UNSTORABLE))
      return parsed.data
    }
    errors.push(...fieldErrors(parsed.error, prefix))
    return undefined
  }
  const params = take(op.params, req.params, '')
  // An id that can't be one names nothing.
  if (errors.length > 0) throw new Problem('NOT_FOUND')
  const query = take(op.query, req.query, '')
  const body = take(op.body, req.body, '')
  if (errors.length > 0) throw new Problem('VALIDATION_FAILED', { errors })
  const { id: order } = op.path.startsWith('/orders/{id}') ? (params as { id: string }) : { id: undefined }
  // What is logged about this request from here on names what it is about.
  const { trace } = res.locals as { trace?: string }
  const about = {
    operation: op.id,
    ...(order && { order }),
    ...(key && { command: key }),
    ...(caller && { by: caller.principal.id }),
    ...(trace && { trace }),
  }
  req.log = req.log.child(about)
  res.locals.about = about
  const ctx = { ...caller, deps, req, res, params, query, body, key, now, log: req.log } as Ctx<never, never, never>
  const reply = await op.handle(ctx)
  const { order: made } = (reply?.body ?? {}) as { order?: unknown }
  if (!order && typeof made === 'string') res.locals.about = { ...about, order: made }
  if (reply) send(res, await opened(deps.pool, reply))
}

/** @throws Problem UNAUTHENTICATED, or CROSS_SITE for a change that another site's page asks of a browser */
async function identify(deps: Deps, op: Operation, req: Request, now: Date): Promise<Caller> {
  const found = await authenticate(deps, req, now)
  if (found.session.kind === 'cookie' && op.method !== 'get' && cameFrom(req, deps.config) !== 'here')
    throw new Problem('CROSS_SITE', {
      says: {
        zh: '带 cookie 的请求须带本系统的 Sec-Fetch-Site 或 Origin',
        en: 'a request with a cookie must carry Sec-Fetch-Site or Origin of this application',
      },
    })
  const scope = found.session.scopes && scopeFor(op)
  if (scope && !found.session.scopes?.includes(scope))
    throw new Problem('NOT_ALLOWED', { says: { zh: `令牌缺少权限 ${scope}`, en: `the token lacks the scope "${scope}"` } })
  return { ...found, ability: abilityFor(found.principal) }
}

/** Texts that no database takes: with NUL, or half of a pair of code units. Schemas are closed, so this goes no deeper than they do. */
function unstorable(value: unknown): boolean {
  if (typeof value === 'string') return /\0|\p{Surrogate}/u.test(value)
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([key, item]) => unstorable(key) || unstorable(item))
}

function idempotencyKey(req: Request): string {
  const key = req.headers['idempotency-key']
  if (key === undefined || key === '') throw new Problem('IDEMPOTENCY_KEY_REQUIRED')
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)) throw new Problem('IDEMPOTENCY_KEY_INVALID')
  return key
}

function readBody(req: Request, res: Response): Promise<void> {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0
  if (hasBody && !req.is('application/json'))
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', { says: { zh: '请发送 application/json', en: 'send application/json' } })
  return new Promise((resolve, reject) => {
    json(req, res, (error?: unknown) => {
      if (error) reject(error)
      else resolve()
    })
  })
}

/** Whoever may see the answer may see the personal fields in it; they lie sealed in the record, in states and events alike. */
async function opened(pool: Deps['pool'], reply: Reply): Promise<Reply> {
  if (reply.body === undefined || !JSON.stringify(reply.body).includes('"sealed:')) return reply
  return { ...reply, body: await unsealAll(pool, reply.body) }
}

export function send(res: Response, { status, body, headers = {} }: Reply): void {
  res.status(status).set(headers)
  if (!res.hasHeader('Cache-Control')) res.set('Cache-Control', 'no-store')
  if (body === undefined) res.end()
  else res.type('application/json').send(JSON.stringify(body))
}
