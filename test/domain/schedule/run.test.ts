import { describe, expect, it } from 'vitest'
import { runFacts, runOrder } from '../../../domain/schedule/run.ts'

describe('facts of a run', () => {
  const input = { period: '@last-month', month: '@month', day: '@today', kind: 'commission', limit: 30, tags: ['@month'] }

  it.each([
    ['in January the last month is that of the year before', '2026-01-15T00:00:00+08:00', ['2025-12', '2026-01', '2026-01-15']],
    ['a day begins where the schedule is, not in UTC', '2026-02-28T16:30:00Z', ['2026-02', '2026-03', '2026-03-01']],
    ['the last instant of a leap day', '2028-02-29T23:59:59.999+08:00', ['2028-01', '2028-02', '2028-02-29']],
  ])('%s', (_name, at, [period, month, day]) => {
    const facts = runFacts(input, Date.parse(at), 'Asia/Shanghai')
    expect(facts).toEqual({ ...input, period, month, day })
  })

  it('each instant has an order of its own', () => {
    expect(runOrder('nightly', Date.UTC(2026, 0, 5, 1, 2, 3, 4))).toBe('sched-nightly-20260105010203004')
  })
})
