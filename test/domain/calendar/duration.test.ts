import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { budgetMs, formatBudget, parseBudget } from '../../../domain/calendar/duration.ts'

describe('budget notation', () => {
  it.each([
    ['30s', 30_000, 's'],
    ['15m', 900_000, 'm'],
    ['30m', 1_800_000, 'm'],
    ['2h', 7_200_000, 'h'],
    ['4h', 14_400_000, 'h'],
    ['1d', 86_400_000, 'd'],
    ['30d', 30 * 86_400_000, 'd'],
    ['1WD', 28_800_000, 'WD'],
    ['3WD', 86_400_000, 'WD'],
    ['3.5WD', 3.5 * 28_800_000, 'WD'],
    ['1.1m', 66_000, 'm'],
    ['0.001s', 1, 's'],
  ])('%s is %s ms', (text, ms, unit) => {
    expect(parseBudget(text)).toEqual({ ms, unit })
    expect(budgetMs(text)).toBe(ms)
  })

  it.each([
    '',
    '15',
    'm',
    '15 m',
    ' 15m',
    '15M',
    '3wd',
    '3Wd',
    '-15m',
    '+15m',
    '1e3m',
    '1h30m',
    '15min',
    '.5h',
    '1.h',
    '半天',
    '15m\n',
    '0m',
    '0.0WD',
    '36501d',
    '999999999WD',
  ])("'%s' is refused by name", (text) => {
    expect(() => parseBudget(text)).toThrow(RangeError)
    expect(() => budgetMs(text)).toThrow(`'${text}'`)
  })

  it('gives whole ms for every text that it takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 36_000_000 }), fc.constantFrom('s', 'm', 'h'), (thousandths, unit) => {
        const ms = budgetMs(`${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}${unit}`)
        expect(ms).toBe(thousandths * { s: 1, m: 60, h: 3600 }[unit])
      }),
    )
  })
})

describe('budgets for people', () => {
  it.each([
    [5_400_000, '1 h 30 min', '1小时30分钟'],
    [900_000, '15 min', '15分钟'],
    [14_400_000, '4 h', '4小时'],
    [86_400_000, '24 h', '24小时'],
    [30_000, '30 s', '30秒'],
    [3_605_000, '1 h 5 s', '1小时5秒'],
    [3_665_999, '1 h 1 min 5 s', '1小时1分钟5秒'],
    [999, '0 min', '0分钟'],
    [0, '0 min', '0分钟'],
    [-500, '0 min', '0分钟'],
    [-5_400_000, '-1 h 30 min', '-1小时30分钟'],
  ])('%s ms', (ms, en, zh) => {
    expect(formatBudget(ms, 'en')).toBe(en)
    expect(formatBudget(ms, 'zh')).toBe(zh)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is refused', (ms) => {
    expect(() => formatBudget(ms, 'en')).toThrow(RangeError)
  })
})
