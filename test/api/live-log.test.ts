import { describe, expect, it } from 'vitest'
import { LiveLog } from '../../api/live/log.ts'

const move = (order: string, seq: number) => ({ order, base: seq - 1, seq })

describe('the log of moves', () => {
  it('goes on from any place, also one that was read together with a later one', () => {
    const log = new LiveLog<string>()
    const start = log.position
    const [a, b, c] = [log.add(move('a', 1), 0), log.add(move('b', 1), 0), log.add(move('a', 2), 0)]
    b.change = 'b1'
    c.change = 'a2'
    log.told(c)
    expect(log.position).toBe('a.2')
    expect(log.since(start)!.map(({ change }) => change)).toEqual(['b1', 'a2'])
    expect(log.since(a.key)!.map(({ change }) => change)).toEqual(['b1', 'a2'])
    expect(log.since('b.1')!.map(({ change }) => change)).toEqual(['a2'])
    expect(log.since('a.2')).toEqual([])
  })

  it('knows no place of another time, and none after a gap', () => {
    const log = new LiveLog<string>()
    log.add(move('a', 1), 0).change = 'x'
    expect(log.since('z.1')).toBeUndefined()
    log.clear()
    expect(log.since('a.1')).toBeUndefined()
    expect(log.since(log.position)).toEqual([])
  })

  it('does not answer with more than somebody would sooner fetch anew', () => {
    const log = new LiveLog<string>()
    const start = log.position
    for (let i = 1; i <= 501; i++) log.add(move('a', i), 0).change = 'x'
    expect(log.since(start)).toBeUndefined()
    expect(log.since('a.1')).toHaveLength(500)
  })

  it('forgets what is old, and keeps within its bounds', () => {
    const log = new LiveLog<string>()
    log.add(move('a', 1), 0)
    log.add(move('a', 2), 16 * 60_000)
    expect(log.since('a.1')).toBeUndefined()
    expect(log.since('a.2')).toEqual([])
    for (let i = 3; i < 30_000; i++) log.add(move('a', i), 16 * 60_000)
    expect(log.since('a.5')).toBeUndefined()
    expect(log.since('a.29999')).toEqual([])
  })
})
