/** Problem documents (RFC 9457): every refusal that a client sees, made in one place. */
import { faultTitles, Refusal } from '../domain/order/refusal.ts'
import type { Title } from '../domain/title.ts'
import { EngineDown, EngineOrderMissing, EngineRefused } from './engine-errors.ts'
import { type FieldError, fieldError } from './field-errors.ts'
import type { FieldCode, ProblemCode } from './problem-codes.ts'
import { problemCodes } from './problem-codes.ts'

interface Always {
  headers?: Readonly<Record<string, string>>
  cause?: unknown
}

/** More precisely than the code's title, in both languages; `detail`, for programs, is what it says in English unless it is given. */
type Said = { says?: Title | undefined; detail?: never } | { says: Title; detail: string }

/** Of the request as a whole, or of several fields. */
type Whole = Always & Said & { field?: never; errors?: readonly FieldError[] }

/** Of one field, which has the problem's own code and says the same. */
type OfField = Always & Said & { field: string; errors?: never }

/** Thrown anywhere behind a route; answered with the code's status and the titles of the closed list. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly says: Title | undefined
  readonly errors: readonly FieldError[]
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, { says, detail = says?.en, field, errors, headers = {}, cause }: Whole | OfField = {}) {
    super(detail ? `${code}: ${detail}` : code, { cause })
    this.name = 'Problem'
    this.code = code
    this.detail = detail
    this.says = says
    this.errors = errors ?? (field ? [says ? fieldError(field, code, says, detail) : { field, code, says: problemCodes[code].title }] : [])
    this.headers = headers
  }

  get status(): number {
    return problemCodes[this.code].status
  }
}

/** One field is wrong, and how. */
export const wrongField = (field: string, code: FieldCode, says: Title): Problem =>
  new Problem('VALIDATION_FAILED', { errors: [fieldError(field, code, says)] })

export interface ProblemDocument {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail?: string
  says?: Title
  errors?: readonly FieldError[]
  instance: string
  requestId: string
}

/** The document as sent. `lang` chooses the title's language. */
export function problemDocument(
  problem: Problem,
  { lang, instance, requestId }: { lang: 'en' | 'zh'; instance: string; requestId: string },
): ProblemDocument {
  const { code, status, detail, says, errors } = problem
  return {
    type: `urn:paidan:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: problemCodes[code].title[lang],
    status,
    code,
    ...(detail && { detail }),
    ...(says && { says }),
    ...(errors.length > 0 && { errors }),
    instance,
    requestId,
  }
}

/** Any error as a problem: what a client can mend is told, what it cannot is a 5xx without inner detail. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof Refusal || error instanceof EngineRefused) return refused(error)
  if (error instanceof EngineOrderMissing) return new Problem('ENGINE_ORDER_MISSING', { cause: error })
  if (error instanceof EngineDown) return new Problem('ENGINE_UNAVAILABLE', { headers: { 'Retry-After': '2' }, cause: error })
  return bodyProblem(error) ?? databaseProblem(error) ?? new Problem('INTERNAL', { cause: error })
}

/** What a worker of an earlier version refuses says nothing in Chinese yet: then the title of its code does. */
function refused(error: Refusal | EngineRefused): Problem {
  const { code, field, fault, detail, says } = error
  const told = says ?? (fault ? faultTitles[fault] : problemCodes[code].title)
  const errors = field ? [{ field, code: fault ?? code, ...(detail && { detail }), says: told }] : []
  const more = detail === undefined ? { says } : { says: says ?? problemCodes[code].title, detail }
  return new Problem(code, { ...more, errors, cause: error })
}

/** What the body parser throws, told apart by its `type`. */
function bodyProblem(error: unknown): Problem | undefined {
  const { type, limit, status } = (error ?? {}) as { type?: unknown; limit?: unknown; status?: unknown }
  switch (type) {
    case 'entity.parse.failed':
      return new Problem('MALFORMED_JSON', { says: { zh: '请求体不是 JSON', en: parseDetail(error) } })
    case 'entity.too.large':
      return new Problem('BODY_TOO_LARGE', { says: { zh: `最多 ${String(limit)} 字节`, en: `at most ${String(limit)} bytes` } })
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem('UNSUPPORTED_MEDIA_TYPE', {
        says: { zh: '请以 UTF-8 发送 application/json', en: 'send application/json in UTF-8' },
      })
    case 'request.aborted':
    case 'request.size.invalid':
    case 'entity.verify.failed':
      return new Problem('MALFORMED_REQUEST', { says: { zh: '请求体长度与声明不符', en: 'the body is shorter or longer than announced' } })
    default:
      // What was announced as compressed and is not.
      if (status === 400 && type === undefined && (error as { expose?: unknown }).expose === true && !(error instanceof URIError))
        return new Problem('MALFORMED_REQUEST', {
          says: { zh: '请求体的编码与 Content-Encoding 不符', en: 'the body is not encoded as Content-Encoding says' },
        })
      // A path whose percent-encoding is broken reaches us as a URIError with status 400.
      return status === 400 && error instanceof URIError
        ? new Problem('MALFORMED_REQUEST', { says: { zh: '地址编码不正确', en: 'the address is not properly encoded' } })
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
