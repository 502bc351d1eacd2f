import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OrderEvent } from '../../../domain/order/event.ts'
import { canonical, chainHash, firstBreak, GENESIS } from '../../../domain/order/hash.ts'

const event = (seq: number, text = 'x'): OrderEvent => ({
  seq,
  at: 1000 + seq,
  actor: { kind: 'person', id: 'w' },
  type: 'comment-added',
  data: { text },
})

function chain(n: number) {
  let prevHash = GENESIS
  return Array.from({ length: n }, (_, i) => {
    const link = { event: event(i + 1), prevHash, hash: chainHash(prevHash, event(i + 1)) }
    prevHash = link.hash
    return link
  })
}

describe('the chain', () => {
  it('is unbroken as made', () => expect(firstBreak(chain(5))).toBe(-1))

  it.each([
    ['an edited event', (links: ReturnType<typeof chain>) => links.with(2, { ...links[2]!, event: event(3, 'y') }), 2],
    ['a removed event', (links: ReturnType<typeof chain>) => links.toSpliced(1, 1), 1],
    ['a swapped pair', (links: ReturnType<typeof chain>) => [links[0]!, links[2]!, links[1]!, ...links.slice(3)], 1],
    ['another predecessor', (links: ReturnType<typeof chain>) => links.with(3, { ...links[3]!, prevHash: 'f'.repeat(64) }), 3],
    ['a missing beginning', (links: ReturnType<typeof chain>) => links.slice(1), 0],
  ])('finds %s', (_what, harm, where) => expect(firstBreak(harm(chain(5)))).toBe(where))

  it('does not depend on the order of keys, nor on what a store does to undefined', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(undefined))), (fields) => {
        const shuffled = Object.fromEntries(Object.entries(fields).reverse())
        expect(canonical(shuffled)).toBe(canonical(fields))
        expect(canonical(JSON.parse(JSON.stringify(fields)))).toBe(canonical(fields))
      }),
    )
  })

  it('writes what JSON writes, with sorted keys: lone surrogates, quotes, control characters, long records', () => {
    const inOrder = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value
      if (Array.isArray(value)) return value.map(inOrder)
      const fields = value as Record<string, unknown>
      return Object.fromEntries(
        Object.keys(fields)
          .sort()
          .map((key) => [key, inOrder(fields[key])]),
      )
    }
    // A number as a key stands before all others in JSON, wherever it is put.
    const key = fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => !/^\d/.test(text) && text !== '__proto__')
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.boolean(), fc.constant(null))
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(leaf, fc.array(tie('value'), { maxLength: 5 }), fc.dictionary(key, tie('value'), { maxKeys: 30 })),
    }))
    fc.assert(fc.property(value, (any) => void expect(canonical(any)).toBe(JSON.stringify(inOrder(any)))))
    expect(canonical('\ud800 "\\\u0007')).toBe(JSON.stringify('\ud800 "\\\u0007'))
  })
})
