/** What the worker counts: moves, and those that wait for the record. */
import type { MetricMeter } from '@temporalio/common'
import type pg from 'pg'
import { describe, expect, it, vi } from 'vitest'
import type { Move } from '../../activities/types.ts'
import { watchWorker } from '../../worker/watch.ts'

function fakeMeter() {
  const values = new Map<string, number[]>()
  const note = (name: string) => (value: number, tags?: object) => {
    const key = tags ? `${name} ${Object.values(tags).join(' ')}` : name
    values.set(key, [...(values.get(key) ?? []), value])
  }
  const meter = {
    createCounter: (name: string) => ({ add: note(name) }),
    createHistogram: (name: string) => ({ record: note(name) }),
    createGauge: (name: string) => ({ set: note(name) }),
  }
  return {
    meter: meter as unknown as MetricMeter,
    of: (name: string) => values.get(name) ?? [],
    last: (name: string) => values.get(name)?.at(-1),
  }
}

const pool = { idleCount: 2, totalCount: 5, waitingCount: 1 } as pg.Pool
const move = (order: string, at: number) => ({ order, at, actor: { kind: 'person', id: 'li' } }) as Move

describe('the watch of a worker', () => {
  it('counts moves by process and by who made them, and how long after their instant they were recorded', () => {
    const { meter, of } = fakeMeter()
    const { moves, stop } = watchWorker(meter, pool, () => 10_000)
    moves.written(move('a', 9_500), 'graded-fault')
    moves.recorded(move('a', 9_500), 40)
    // Found in the record: recorded, but not by this worker.
    moves.recorded(move('b', 9_000), 20)
    expect(of('paidan_moves_total graded-fault person')).toEqual([1])
    expect(of('paidan_move_lag_seconds')).toEqual([0.5, 1])
    expect(of('paidan_record_seconds')).toEqual([0.04, 0.02])
    expect([of('paidan_db_connections idle'), of('paidan_db_connections busy'), of('paidan_db_connections waiting')]).toEqual([
      [2],
      [3],
      [1],
    ])
    stop()
  })

  it('tells the age of the oldest move that is not recorded, until it is, or is no longer heard of', () => {
    vi.useFakeTimers()
    try {
      const { meter, last } = fakeMeter()
      let now = 100_000
      const { moves, stop } = watchWorker(meter, pool, () => now)
      const look = (ms: number) => {
        now += ms
        vi.advanceTimersByTime(2_000)
        return [last('paidan_unrecorded_moves'), last('paidan_unrecorded_age_seconds')]
      }
      moves.failed(move('a', 99_000))
      moves.failed(move('b', 95_000))
      expect(look(1_000)).toEqual([2, 6])
      moves.recorded(move('b', 95_000), 10)
      expect(look(1_000)).toEqual([1, 3])
      moves.failed(move('a', 99_000))
      expect(look(60_000)).toEqual([1, 63])
      expect(look(60_000)).toEqual([0, 0])
      stop()
    } finally {
      vi.useRealTimers()
    }
  })
})
