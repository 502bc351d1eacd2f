/** What stands beside a field is said in both languages, wherever it comes from. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type FieldError, fieldErrors } from '../../api/field-errors.ts'
import { Problem } from '../../api/problem.ts'
import { operations } from '../../api/routes/index.ts'
import { specs } from '../../api/schemas/policy.ts'
import { told, toldBy } from '../../api/schemas/told.ts'
import { checkForm } from '../../domain/order/form.ts'
import { Refusal } from '../../domain/order/refusal.ts'
import type { FieldSpec } from '../../domain/order/spec.ts'

const CHINESE = /\p{Script=Han}/u
/** Two words of letters in a row. */
const ENGLISH = /[a-z]{2,} [a-z]{2,}/i

/** Wrong for nearly every schema, in a different way each. */
const junk: readonly unknown[] = [undefined, null, true, -1, 1.5, 1e12, '', '??', 'x'.repeat(30_000), [], [{}, 1], {}, { '?': 1 }]

const schemas: readonly (readonly [string, z.ZodType])[] = [
  ...operations.flatMap(({ id, params, query, body }) =>
    [params, query, body].flatMap((schema) => (schema ? [[id, schema] as const] : [])),
  ),
  ...Object.entries(specs).map(([kind, schema]) => [`policy ${kind}`, schema] as const),
]

type Def = { checks?: readonly { _zod: { def: Def } }[]; error?: (issue: unknown) => unknown } & Readonly<Record<string, unknown>>

/** Own words of a schema's rules and of all that it is made of. */
function ownWords(node: unknown, seen = new Set<unknown>()): string[] {
  if (node === null || typeof node !== 'object' || seen.has(node)) return []
  seen.add(node)
  const def = (node as { _zod?: { def: Def } })._zod?.def
  const parts = def ? Object.values(def) : Object.values(node)
  const said = def?.error?.({})
  const text = typeof said === 'string' ? said : (said as { message?: string } | undefined)?.message
  return [...(text === undefined ? [] : [text]), ...parts.flatMap((part) => ownWords(part, seen))]
}

/** A whole of junk, and each field of an object with junk in turn. */
function wrongs(schema: z.ZodType): unknown[] {
  const shape = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  return [...junk, ...junk.map((value) => Object.fromEntries(shape.map((name) => [name, value])))]
}

const found = (schema: z.ZodType): FieldError[] =>
  wrongs(schema).flatMap((value) => {
    const { error } = schema.safeParse(value)
    return error ? fieldErrors(error) : []
  })

describe('what a schema finds wrong', () => {
  const everything = schemas.flatMap(([id, schema]) => found(schema).map((error) => ({ id, ...error })))

  it('is said in Chinese without an English sentence, and in English, for every operation and policy', () => {
    expect(everything.length).toBeGreaterThan(1_000)
    expect(everything.filter(({ says: { zh, en } }) => !CHINESE.test(zh) || ENGLISH.test(zh) || en === '')).toEqual([])
    expect(new Set(everything.map(({ code }) => code))).toEqual(
      new Set([
        'REQUIRED',
        'UNKNOWN_FIELD',
        'WRONG_TYPE',
        'NOT_ONE_OF',
        'TOO_SHORT',
        'TOO_LONG',
        'TOO_SMALL',
        'TOO_LARGE',
        'BAD_FORMAT',
        'INVALID',
      ]),
    )
  })

  it('has both languages where a rule has words of its own', () => {
    const words = schemas.flatMap(([id, schema]) => ownWords(schema).map((text) => ({ id, text })))
    expect(words.length).toBeGreaterThan(100)
    expect(words.filter(({ text }) => toldBy(text) === undefined)).toEqual([])
    // A rule that is not told would be found.
    const alone = z.object({ a: z.array(z.string().refine(() => false, 'alone')).optional() })
    expect(ownWords(alone)).toEqual(['alone'])
  })

  it('says the same in Chinese wherever it says the same in English', () => {
    expect(told('须为整数', 'a whole number', ['a'])).toEqual({ error: 'a whole number', path: ['a'] })
    expect(() => told('别的', 'a whole number')).toThrow(/is told as/)
  })

  it.each([
    [z.string().min(1), '', '必填'],
    [z.string().min(3), 'x', '至少 3 个字'],
    [z.string().max(3), 'xxxx', '最多 3 个字'],
    [z.array(z.string()).min(2), [], '至少 2 项'],
    [z.array(z.string()).max(1), ['a', 'b'], '最多 1 项'],
    [z.number().min(2), 1, '至少为 2'],
    [z.number().gt(2), 2, '须大于 2'],
    [z.number().max(2), 3, '至多为 2'],
    [z.number().lt(2), 2, '须小于 2'],
    [z.enum(['a', 'b']), 'c', '须为其中之一：a, b'],
    [z.int(), 1.5, '须为整数'],
    [z.email(), 'x', '格式不正确，例如 name@example.com'],
    [z.union([z.string(), z.boolean()]), 1, '填写的内容类型不对'],
    [z.string().refine(() => false), 'x', '不符合要求'],
    [z.string().refine(() => false, told('请说明原因', 'say why')), 'x', '请说明原因'],
  ])('%#', (schema, value, zh) => {
    expect(fieldErrors(schema.safeParse(value).error!).map(({ says }) => says.zh)).toEqual([zh])
  })
})

describe('what a form of an order finds wrong', () => {
  const types: FieldSpec['type'][] = ['text', 'number', 'money', 'instant', 'boolean', 'choice', 'unit', 'customers']
  const field = (type: FieldSpec['type']): FieldSpec => ({
    title: { zh: '字段', en: 'Field' },
    type,
    required: true,
    max: 5,
    ...(type === 'choice' && { choices: ['a', 'b'] }),
    ...(type === 'text' && { matches: { pattern: '[0-9]+', example: '12' } }),
  })

  it.each(types.flatMap((type) => [undefined, '', 'nothing like it', 'abc', -1, 99.5].map((value) => [type, value] as const)))(
    'is said in both languages: %s with %s',
    (type, value) => {
      let refusal: unknown
      try {
        checkForm({ a: field(type) }, value === undefined ? {} : { a: value })
      } catch (error) {
        refusal = error
      }
      // Five is not too many for a unit's name.
      if (refusal === undefined) return expect([type, value]).toEqual(['unit', 'abc'])
      const { says, detail } = refusal as Refusal
      expect(says?.zh).toMatch(CHINESE)
      expect(says?.zh).not.toMatch(ENGLISH)
      // What is blank is missing; programs are told that it is no text.
      expect(says?.en).toBe(detail === 'must be a text' && value === '' ? 'required' : detail)
    },
  )
})

describe('an error of a field', () => {
  it('can not be written in English alone, nor one of the request', () => {
    const detail = 'somewhere else'
    // @ts-expect-error says nothing in Chinese
    const problem = new Problem('UNKNOWN_REFERENCE', { field: 'unit', detail })
    // @ts-expect-error says nothing in Chinese
    const whole = new Problem('NOT_ALLOWED', { detail })
    // @ts-expect-error says nothing in Chinese
    const refusal = new Refusal('BAD_VALUE', { field: 'unit', detail })
    // @ts-expect-error says nothing in Chinese
    const error: FieldError = { field: 'unit', code: 'INVALID', detail }
    expect([problem.detail, whole.detail, refusal.detail, error.detail]).toEqual([detail, detail, detail, detail])
  })

  it('is Chinese where it says that it is', () => {
    const files = ['api', 'domain/order', 'domain/calendar'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => join(folder, path)),
    )
    const written = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bzh: (['`])(.*?)\1/g)].map(([, , text]) => ({ file, text: text! })),
    )
    expect(written.length).toBeGreaterThan(100)
    // Blanks aside: a name or a number is the same in both.
    expect(written.filter(({ text }) => /\p{L}/u.test(text.replace(/\$\{[^}]*\}/g, '')) && !CHINESE.test(text))).toEqual([])
  })
})
