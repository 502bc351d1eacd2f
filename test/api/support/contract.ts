/** Holds every answer against the description of its operation: status, media type, shape, and for problems the code. */
import { expect } from 'vitest'
import type { z } from 'zod'
import { problemsOf } from '../../../api/http/openapi.ts'
import type { Operation } from '../../../api/http/operation.ts'
import { operations } from '../../../api/routes/index.ts'
import { problem } from '../../../api/schemas/problem.ts'

const patterns = operations.map((op) => ({ op, pattern: new RegExp(`^/api/v1${op.path.replace(/\{\w+\}/g, '[^/]+')}$`) }))

const operationOf = (method: string, path: string): Operation | undefined =>
  patterns.find(({ op, pattern }) => op.method === method.toLowerCase() && pattern.test(path))?.op

/** Answers seen so far, by operation: status or code. */
export const seen = new Map<string, Set<string>>()

export function checkAnswer(
  method: string,
  url: string,
  answer: { status: number; type: string; body: unknown; headers: Record<string, unknown> },
): void {
  const op = operationOf(method, url.split('?')[0]!)
  if (!op) return
  const { status, type, body } = answer
  const note = (what: string) => seen.set(op.id, (seen.get(op.id) ?? new Set()).add(what))
  if (status >= 400) {
    expect(type, `${op.id}: media type of a problem`).toContain('application/problem+json')
    const document = same(problem, body, op.id)
    expect(document.status).toBe(status)
    expect(problemsOf(op), `${op.id} does not document ${document.code}`).toContain(document.code)
    // What is told of it, and what stands beside a field, its reader understands.
    if (document.detail !== undefined) expect(document.says?.zh, `${op.id}: ${document.detail}`).toMatch(/\p{Script=Han}/u)
    for (const { field, says } of document.errors ?? []) expect(says.zh, `${op.id}: ${field}`).toMatch(/\p{Script=Han}/u)
    note(document.code)
    return
  }
  const documented = op.answers[status]
  expect(documented, `${op.id} does not document ${status}`).toBeDefined()
  if (documented?.schema) same(documented.schema, body, op.id)
  note(String(status))
}

/** The body fits the schema, and says nothing that the schema does not know. */
function same<T extends z.ZodType>(schema: T, body: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(body)
  expect(parsed.error?.issues ?? [], `${what}: ${JSON.stringify(body)?.slice(0, 2000)}`).toEqual([])
  expect(body, `${what}: fields that are not documented`).toEqual(parsed.data)
  return parsed.data as z.output<T>
}
