/** The OpenAPI 3.1 document, written from the operations themselves. */
import { OpenAPIRegistry, OpenApiGeneratorV31, type ResponseConfig } from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'
import { type ProblemCode, problemCodes } from '../problem-codes.ts'
import { problem } from '../schemas/problem.ts'
import { type Operation, wantsKey } from './operation.ts'

const BEARER = 'bearer'
const COOKIE = 'cookie'

const headerTexts: Readonly<Record<string, string>> = {
  ETag: 'Version of the order.',
  Location: 'Where it is, or where to ask.',
  'Retry-After': 'Seconds to wait.',
  'Idempotent-Replayed': '`true`: the request had been made before, and this is what came of it.',
  'Set-Cookie': 'The session of a browser.',
}

/** What every operation of its kind may answer with, beside its own. */
function commonProblems(op: Operation): ProblemCode[] {
  return [
    ...(op.public ? [] : (['UNAUTHENTICATED', 'NOT_ALLOWED'] as const)),
    ...(op.public || op.method === 'get' ? [] : (['CROSS_SITE'] as const)),
    ...(op.params ? (['NOT_FOUND'] as const) : []),
    ...(op.body || op.query ? (['VALIDATION_FAILED'] as const) : []),
    ...(op.body ? (['MALFORMED_JSON', 'MALFORMED_REQUEST', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(wantsKey(op)
      ? (['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_MISMATCH', 'IDEMPOTENCY_IN_PROGRESS'] as const)
      : []),
    'DATABASE_UNAVAILABLE',
    'OVERLOADED',
    'INTERNAL',
  ]
}

/** Every code that an operation may answer with. */
export const problemsOf = (op: Operation): ProblemCode[] => [...new Set([...commonProblems(op), ...(op.problems ?? [])])]

function problemResponses(op: Operation): Record<string, ResponseConfig> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of problemsOf(op)) {
    const { status } = problemCodes[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\` ${problemCodes[code].title.en}`).join('\n\n'),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  )
}

function answers(op: Operation): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(op.answers).map(([status, { description, schema, type, headers }]) => [
      status,
      {
        description,
        ...(headers && {
          headers: z.object(
            Object.fromEntries(
              headers.map((name) => [
                name,
                z
                  .string()
                  .optional()
                  .meta({ description: headerTexts[name] ?? name }),
              ]),
            ),
          ),
        }),
        ...(schema && { content: { [type ?? 'application/json']: { schema } } }),
        ...(!schema && type && { content: { [type]: { schema: z.string().meta({ format: 'binary' }) } } }),
      },
    ]),
  )
}

function headersOf(op: Operation) {
  const key = wantsKey(op)
    ? {
        'Idempotency-Key': z
          .string()
          .min(1)
          .max(128)
          .meta({ description: 'New for each intention; a repeat with the same key takes effect once.' }),
      }
    : {}
  const others = Object.fromEntries((op.headers ?? []).map(({ name, description }) => [name, z.string().optional().meta({ description })]))
  const all = { ...key, ...others }
  return Object.keys(all).length > 0 ? z.object(all) : undefined
}

/** The document. `base` is where the operations are mounted. */
export function openApiDocument(operations: readonly Operation[], base: string, version: string): object {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', BEARER, {
    type: 'http',
    scheme: 'bearer',
    description: 'A session of kind bearer, or a token.',
  })
  registry.registerComponent('securitySchemes', COOKIE, {
    type: 'apiKey',
    in: 'cookie',
    name: 'paidan',
    description: '`__Host-paidan` over HTTPS.',
  })
  for (const op of operations) {
    const headers = headersOf(op)
    const content = op.body ? { 'application/json': { schema: op.body } } : op.upload && { [op.upload.type]: { schema: op.upload.schema } }
    registry.registerPath({
      method: op.method,
      path: op.path,
      operationId: op.id,
      tags: [op.tag],
      summary: op.summary,
      ...(op.description && { description: op.description }),
      security: op.public ? [] : [{ [BEARER]: [] }, { [COOKIE]: [] }],
      request: {
        ...(op.params && { params: op.params as z.ZodObject }),
        ...(op.query && { query: op.query as z.ZodObject }),
        ...(headers && { headers }),
        ...(content && { body: { required: true, content } }),
      },
      responses: { ...answers(op), ...problemResponses(op) },
    })
  }
  const tags = [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name }))
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Paidan 派单',
      version,
      description:
        'Durable work orders of a key-account desk. Errors are problem details (RFC 9457) with a `code` of one closed list. Every POST takes an Idempotency-Key. Lists are keyset pages: `cursor`, `limit`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: base }],
    tags,
  })
  // The generator writes both even where there is nothing to write.
  if (document.webhooks && Object.keys(document.webhooks).length === 0) delete document.webhooks
  if (document.components?.parameters && Object.keys(document.components.parameters).length === 0) delete document.components.parameters
  return document
}
