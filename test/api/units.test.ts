/** Small parts of the door that need no server of their own. */
import { describe, expect, it } from 'vitest'
import type { ZodError } from 'zod'
import { z } from 'zod'
import { checkPassword, hashPassword } from '../../api/auth/passwords.ts'
import { EngineDown, EngineOrderMissing, EngineRefused } from '../../api/engine-errors.ts'
import { fieldErrors } from '../../api/field-errors.ts'
import { decodeCursor, encodeCursor, paged } from '../../api/http/cursor.ts'
import { orderIdOfKey, orderIdOfSource } from '../../api/orders/ids.ts'
import { Texts } from '../../api/orders/texts.ts'
import { asProblem, Problem } from '../../api/problem.ts'
import { doorCodes, problemCodes } from '../../api/problem-codes.ts'
import { contains } from '../../api/queries/sql.ts'
import { faultTitles, Refusal, refusalCodes } from '../../domain/order/refusal.ts'

describe('ids of orders', () => {
  it('follow from person and key, or from the source, and do not meet', () => {
    const ids = [
      orderIdOfKey('a', 'b'),
      orderIdOfKey('b', 'a'),
      orderIdOfKey('ab', ''),
      orderIdOfSource('a', 'b'),
      orderIdOfSource('ab', ''),
    ]
    expect(new Set(ids).size).toBe(5)
    for (const id of ids) expect(id).toMatch(/^o[a-z2-7]{20}$/)
    expect(orderIdOfKey('a', 'b')).toBe(ids[0])
  })

  it('use all of their 100 bits', () => {
    const seen = Array.from({ length: 20 }, () => new Set<string>())
    for (let i = 0; i < 2000; i++) [...orderIdOfKey('p', String(i)).slice(1)].forEach((letter, at) => seen[at]!.add(letter))
    for (const letters of seen) expect(letters.size).toBe(32)
  })
})

describe('cursors', () => {
  it('come back as they went', () => {
    const key = ['2026-01-05T01:00:00.000Z', 'o1', null, 7] as const
    expect(decodeCursor(encodeCursor(key), ['instant', 'text', 'instant?', 'number'])).toEqual(key)
    expect(decodeCursor(undefined, ['text'])).toBeUndefined()
  })

  it.each([
    ['another length', [1], ['number', 'number']],
    ['another kind', ['x'], ['number']],
    ['no instant', ['soon'], ['instant']],
    ['null where none may be', [null], ['instant']],
    ['a broken number', [1.5], ['number']],
    ['a text that the database does not take', ['a\0b'], ['text']],
  ] as const)('of %s are refused', (_what, key, kinds) => {
    expect(() => decodeCursor(encodeCursor(key as never), kinds as never)).toThrow(/BAD_CURSOR/)
  })

  it('end with the last page', () => {
    expect(paged([1, 2, 3], 2, (n) => [n])).toEqual({ items: [1, 2], page: { limit: 2, next: encodeCursor([2]) } })
    expect(paged([1, 2], 2, (n) => [n]).page.next).toBeNull()
    expect(paged([], 2, (n) => [n]).page.next).toBeNull()
  })
})

describe('long texts', () => {
  it('are kept apart above 400 characters', () => {
    const texts = new Texts()
    expect(texts.shorten('x'.repeat(400))).toBe('x'.repeat(400))
    expect(texts.any).toBe(false)
    expect(texts.shorten('x'.repeat(401))).toMatch(/^digest:[0-9a-f]{64}$/)
    expect(texts.any).toBe(true)
  })

  it('that look like a digest are kept apart too', () => {
    const texts = new Texts()
    const trick = `digest:${'0'.repeat(64)}`
    expect(texts.shorten(trick)).not.toBe(trick)
  })
})

describe('passwords', () => {
  it('are argon2id, and fit only themselves', async () => {
    const stored = await hashPassword('secret')
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await checkPassword(stored, 'secret')).toBe(true)
    expect(await checkPassword(stored, 'Secret')).toBe(false)
    expect(await checkPassword(undefined, 'nobody has this password')).toBe(false)
    expect(await checkPassword('not a hash', 'secret')).toBe(false)
  })
})

describe('problems', () => {
  it('have codes of one list: those of the rules and those of the door', () => {
    expect(Object.keys(problemCodes)).toHaveLength(Object.keys(refusalCodes).length + Object.keys(doorCodes).length)
    for (const [code, { status, title }] of Object.entries(problemCodes)) {
      expect(status, code).toBeGreaterThanOrEqual(400)
      expect(title.en.length, code).toBeGreaterThan(10)
      expect(title.zh, code).toMatch(/\p{Script=Han}/u)
    }
  })

  it.each([
    [new Problem('NOT_FOUND'), 404, 'NOT_FOUND'],
    [new Refusal('NOT_ACCEPTED'), 409, 'NOT_ACCEPTED'],
    [new EngineRefused('STALE_VERSION'), 412, 'STALE_VERSION'],
    [new EngineDown('x'), 503, 'ENGINE_UNAVAILABLE'],
    [new EngineOrderMissing('o1'), 503, 'ENGINE_ORDER_MISSING'],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 503, 'DATABASE_UNAVAILABLE'],
    [Object.assign(new Error('shutdown'), { code: '57P01' }), 503, 'DATABASE_UNAVAILABLE'],
    [new Error('timeout exceeded when trying to connect'), 503, 'DATABASE_UNAVAILABLE'],
    [Object.assign(new Error('unique'), { code: '23505' }), 500, 'INTERNAL'],
    [new Error('secret'), 500, 'INTERNAL'],
    ['thrown text', 500, 'INTERNAL'],
    [undefined, 500, 'INTERNAL'],
  ])('of %s', (error, status, code) => {
    const problem = asProblem(error)
    expect([problem.status, problem.code]).toEqual([status, code])
    if (code === 'INTERNAL') expect(problem.detail).toBeUndefined()
  })

  it('name fields as the client wrote them', () => {
    const schema = z.strictObject({ a: z.object({ b: z.array(z.string()) }) })
    const error = schema.safeParse({ a: { b: ['x', 1] }, c: 1 }).error as ZodError
    expect(fieldErrors(error)).toEqual([
      {
        field: 'a.b.1',
        code: 'WRONG_TYPE',
        detail: 'Invalid input: expected string, received number',
        says: { zh: '须为文本', en: 'must be a text' },
      },
      {
        field: 'c',
        code: 'UNKNOWN_FIELD',
        detail: 'there is no such field',
        says: { zh: '没有该字段', en: 'there is no such field' },
      },
    ])
    expect(fieldErrors(schema.safeParse(1).error!)).toMatchObject([{ field: 'body', code: 'WRONG_TYPE' }])
  })

  it('say in both languages what a refusal says, by its fault where an earlier worker says it in English alone', () => {
    const says = { zh: '必填', en: 'required' }
    const refusal = asProblem(new Refusal('FORM_INVALID', { field: 'form.a', fault: 'REQUIRED', says }))
    expect([refusal.detail, refusal.says, refusal.errors]).toEqual([
      'required',
      says,
      [{ field: 'form.a', code: 'REQUIRED', detail: 'required', says }],
    ])
    const earlier = (fault?: 'TOO_LONG') =>
      asProblem(new EngineRefused('FORM_INVALID', { field: 'form.a', detail: 'x', ...(fault && { fault }) })).errors[0]
    expect(earlier('TOO_LONG')).toEqual({ field: 'form.a', code: 'TOO_LONG', detail: 'x', says: faultTitles.TOO_LONG })
    expect(earlier()).toEqual({ field: 'form.a', code: 'FORM_INVALID', detail: 'x', says: refusalCodes.FORM_INVALID.title })
  })
})

describe('a search', () => {
  it('means what was typed', () => {
    expect(contains('50%_\\')).toBe('%50\\%\\_\\\\%')
  })
})
