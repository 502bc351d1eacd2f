import { describe, expect, it } from 'vitest'
import { liveMove } from '../../../domain/order/live.ts'
import type { OrderState } from '../../../domain/order/state.ts'

const state = (seq: number, tasks: Record<string, object>) => ({ id: 'o1', seq, tasks }) as unknown as OrderState
const none = { rungs: false, told: false }

describe('a move as it is told', () => {
  it('names those with whom the order no longer lies', () => {
    const before = state(3, { a: { person: 'p1', unit: 'u1' }, b: { person: 'p2' } })
    expect(liveMove(before, state(5, { b: { person: 'p2' }, c: { unit: 'u1' } }), none)).toEqual({
      order: 'o1',
      base: 3,
      seq: 5,
      left: ['p1'],
    })
  })

  it('counts who is asked for a signature, until he has given it', () => {
    const asked = { parties: { x: { person: 'p1' }, y: { person: 'p2' } } }
    const signed = { parties: { x: { person: 'p1', answer: 'agree' }, y: { person: 'p2' } } }
    expect(liveMove(state(1, { a: asked }), state(2, { a: signed }), none).left).toEqual(['p1'])
    expect(liveMove(state(1, { a: asked }), state(2, { a: asked }), none).left).toBeUndefined()
  })

  it('stays within what the database passes on, however many had it', () => {
    const parties = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`p${i}`, { person: `somebody-${i}` }]))
    const told = liveMove(state(1, { a: { parties } }), state(2, {}), { rungs: true, told: true })
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(8_000)
    expect(told.left!.length).toBeGreaterThan(100)
  })
})
