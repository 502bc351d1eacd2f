/** Problem documents (RFC 9457): every refusal that a client sees, made in one place. */
import type { ZodError } from 'zod'
import { Refusal } from '../domain/order/refusal.ts'
import { EngineDown, EngineOrderMissing, EngineRefused } from './engine-errors.ts'
import type { FieldCode, ProblemCode } from './problem-codes.ts'
import { problemCodes } from './problem-codes.ts'

export interface FieldError {
  field: string
  code: FieldCode | ProblemCode
  detail?: string
}

interface Options {
  detail?: string
  field?: string
  /** Of the field. Default: the problem's own code. */
  fault?: FieldCode | undefined
  errors?: readonly FieldError[]
  headers?: Readonly<Record<string, string>>
  cause?: unknown
}

/** Thrown anywhere behind a route; answered with the code's status and the titles of the closed list. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, { detail, field, fault, errors, headers = {}, cause }: Options = {}) {
    super(detail ? `${code}: ${detail}` : code, { cause })
    this.name = 'Problem'
    this.code = code
    this.detail = detail
    this.errors = errors ?? (field ? [{ field, code: fault ?? code, ...(detail && { detail }) }] : [])
    this.headers = headers
  }

  get status(): number {
    return problemCodes[this.code].status
  }
}

export interface ProblemDocument {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail?: string
  errors?: readonly FieldError[]
  instance: string
  requestId: string
}

/** The document as sent. `lang` chooses the title's language. */
export function problemDocument(
  problem: Problem,
  { lang, instance, requestId }: { lang: 'en' | 'zh'; instance: string; requestId: string },
): ProblemDocument {
  const { code, status, detail, errors } = problem
  return {
    type: `urn:paidan:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: problemCodes[code].title[lang],
    status,
    code,
    ...(detail && { detail }),
    ...(errors.length > 0 && { errors }),
    instance,
    requestId,
  }
}

/** Any error as a problem: what a client can mend is told, what it cannot is a 5xx without inner detail. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof Refusal) return new Problem(error.code, { ...optional(error), cause: error })
  if (error instanceof EngineRefused) return new Problem(error.code, { ...optional(error), cause: error })
  if (error instanceof EngineOrderMissing) return new Problem('ENGINE_ORDER_MISSING', { cause: error })
  if (error instanceof EngineDown) return new Problem('ENGINE_UNAVAILABLE', { headers: { 'Retry-After': '2' }, cause: error })
  return bodyProblem(error) ?? databaseProblem(error) ?? new Problem('INTERNAL', { cause: error })
}

const optional = ({ field, fault, detail }: Pick<Refusal, 'field' | 'fault' | 'detail'>) => ({
  ...(field && { field }),
  ...(fault && { fault }),
  ...(detail && { detail }),
})

/** What the body parser throws, told apart by its `type`. */
function bodyProblem(error: unknown): Problem | undefined {
  const { type, limit, status } = (error ?? {}) as { type?: unknown; limit?: unknown; status?: unknown }
  switch (type) {
    case 'entity.parse.failed':
      return new Problem('MALFORMED_JSON', { detail: parseDetail(error) })
    case 'entity.too.large':
      return new Problem('BODY_TOO_LARGE', { detail: `at most ${String(limit)} bytes` })
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem('UNSUPPORTED_MEDIA_TYPE', { detail: 'send application/json in UTF-8' })
    case 'request.aborted':
    case 'request.size.invalid':
    case 'entity.verify.failed':
      return new Problem('MALFORMED_REQUEST', { detail: 'the body is shorter or longer than announced' })
    default:
      // What was announced as compressed and is not.
      if (status === 400 && type === undefined && (error as { expose?: unknown }).expose === true && !(error instanceof URIError))
        return new Problem('MALFORMED_REQUEST', { detail: 'the body is not encoded as Content-Encoding says' })
      // A path whose percent-encoding is broken reaches us as a URIError with status 400.
      return status === 400 && error instanceof URIError
        ? new Problem('MALFORMED_REQUEST', { detail: 'the address is not properly encoded' })
        : undefined
  }
}

const parseDetail = (error: unknown): string => (error instanceof Error ? error.message : 'not JSON')

/** Connection refused, reset or ended by the server, pool exhausted: try again. Anything else of the database is our fault. */
function databaseProblem(error: unknown): Problem | undefined {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  const lost =
    (typeof code === 'string' &&
      /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|P1001|P1002|P1008|P1017|P2024)$/.test(code)) ||
    (typeof message === 'string' &&
      /Connection terminated|timeout exceeded when trying to connect|Can't reach database server/.test(message))
  return lost ? new Problem('DATABASE_UNAVAILABLE', { headers: { 'Retry-After': '2' }, cause: error }) : undefined
}

/** The fields that a schema found wrong, in the closed list of field codes. */
export function fieldErrors(error: ZodError, prefix = ''): FieldError[] {
  const name = (path: readonly PropertyKey[]) => [prefix, ...path.map(String)].filter(Boolean).join('.') || 'body'
  return error.issues.flatMap((issue): FieldError[] => {
    const field = name(issue.path)
    const detail = issue.message
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({ field: name([...issue.path, key]), code: 'UNKNOWN_FIELD', detail: 'there is no such field' }))
      case 'invalid_type':
        return [{ field, code: /received undefined/.test(detail) ? 'REQUIRED' : 'WRONG_TYPE', detail }]
      case 'invalid_value':
        return [{ field, code: 'NOT_ONE_OF', detail: `one of ${issue.values.map(String).join(', ')}` }]
      case 'invalid_union': {
        const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] }
        return [
          discriminator
            ? { field, code: 'NOT_ONE_OF', detail: `one of ${(options ?? []).map(String).join(', ')}` }
            : { field, code: 'WRONG_TYPE', detail },
        ]
      }
      case 'too_small':
        return [{ field, code: issue.origin === 'string' || issue.origin === 'array' ? 'TOO_SHORT' : 'TOO_SMALL', detail }]
      case 'too_big':
        return [{ field, code: issue.origin === 'string' || issue.origin === 'array' ? 'TOO_LONG' : 'TOO_LARGE', detail }]
      case 'invalid_format':
        return [{ field, code: 'BAD_FORMAT', detail }]
      default:
        return [{ field, code: 'INVALID', detail }]
    }
  })
}
