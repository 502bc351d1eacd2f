import { describe, expect, it } from 'vitest'
import { monthOf, readReport, screen } from '../../../domain/processes/monthly-report.ts'

describe('reading a report', () => {
  it('reads what is written in the columns, with headings, either comma, quotes and line ends of all kinds', () => {
    const text = [
      'user,number,month,charges,months',
      '',
      'Red Star, 025-1 ,2026-01,600000,12',
      '红星,025-2,2026-01,1,0',
      '"Li, ""Sons""",,2026-01,5,7',
    ]
    for (const end of ['\n', '\r\n', '\r']) {
      const { lines, bad } = readReport(text.join(end), '2026-01')
      expect(bad).toEqual([])
      expect(lines).toEqual([
        { user: 'Red Star', number: '025-1', month: '2026-01', charges: 600_000, monthsOnNetwork: 12 },
        { user: '红星', number: '025-2', month: '2026-01', charges: 1, monthsOnNetwork: 0 },
        { user: 'Li, "Sons"', number: '', month: '2026-01', charges: 5, monthsOnNetwork: 7 },
      ])
    }
  })

  it.each([
    ['a,1,2026-01,5', 'columns'],
    ['a,1,2026-01,5,6,7', 'columns'],
    [',1,2026-01,5,6', 'user'],
    ['a,1,2026-13,5,6', 'month'],
    ['a,1,01/2026,5,6', 'month'],
    ['a,1,2025-12,5,6', 'other-month'],
    ['a,1,2026-01,12.50,6', 'charges'],
    ['a,1,2026-01,-5,6', 'charges'],
    ['a,1,2026-01,5,half', 'months-on-network'],
  ])('lists %j as bad: %s, and reads on', (row, why) => {
    const { lines, bad } = readReport(`b,2,2026-01,1,1\n${row}\nc,3,2026-01,1,1`, '2026-01')
    expect(bad).toEqual([{ line: 2, text: row, why }])
    expect(lines.map(({ user }) => user)).toEqual(['b', 'c'])
  })

  it('takes lines of any month where the report says none', () => {
    expect(readReport('a,1,2025-12,5,6').lines).toHaveLength(1)
    expect(['2026-01', ' 2026-12 ', '2026-00', '2026', 7, undefined].map(monthOf)).toEqual([
      '2026-01',
      '2026-12',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('passes over headings on the first line only', () => {
    expect(readReport('a,1,2026-01,1,1\nuser,number,month,charges,months').bad).toEqual([
      { line: 2, text: 'user,number,month,charges,months', why: 'month' },
    ])
  })
})

describe('screening', () => {
  const rule = { minCharges: 1000, minMonths: 6 }
  const line = (user: string, number: string, charges: number, monthsOnNetwork: number) => ({
    user,
    number,
    month: '2026-01',
    charges,
    monthsOnNetwork,
  })

  it('adds up the numbers and services of a user; both thresholds must be met, and exactly is enough', () => {
    const lines = [line('a', '1', 600, 2), line('b', '9', 999, 60), line('a', '2', 300, 6), line('c', '3', 5000, 5), line('a', '2', 100, 6)]
    expect(screen(lines, rule)).toEqual([
      { user: 'c', numbers: ['3'], charges: 5000, monthsOnNetwork: 5, selected: false },
      { user: 'a', numbers: ['1', '2'], charges: 1000, monthsOnNetwork: 6, selected: true },
      { user: 'b', numbers: ['9'], charges: 999, monthsOnNetwork: 60, selected: false },
    ])
  })

  it('selects nobody from nothing', () => {
    expect(screen([], rule)).toEqual([])
  })
})
