/** P-10: what a department reports each month about the users it developed, and whom the screening rule selects. Pure. */

/** One line of a report: `user,number,month,charges,months on the network`. */
export interface ReportLine {
  user: string
  number: string
  month: string
  /** Fen. */
  charges: number
  monthsOnNetwork: number
}

/** A line that says something else than a line should, by its number from 1. */
export interface BadLine {
  line: number
  text: string
  why: 'columns' | 'user' | 'month' | 'other-month' | 'charges' | 'months-on-network'
}

export interface ScreeningRule {
  /** Fen a month, over all numbers of a user. */
  minCharges: number
  minMonths: number
}

/** A user with all his numbers. */
export interface ReportedUser {
  user: string
  numbers: readonly string[]
  /** Fen. */
  charges: number
  monthsOnNetwork: number
  selected: boolean
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/
const COLUMNS = 5

/** The month of a report as the record keeps it, or nothing where it is none: '2026-01'. */
export const monthOf = (text: unknown): string | undefined =>
  typeof text === 'string' && MONTH.test(text.trim()) ? text.trim() : undefined

/**
 * Reads a report. A first line of headings and empty lines are passed over; every other line is read or listed as bad.
 * @param month the month that the report is about; lines of another one are bad
 */
export function readReport(text: string, month?: string): { lines: ReportLine[]; bad: BadLine[] } {
  const lines: ReportLine[] = []
  const bad: BadLine[] = []
  text.split(/\r\n|\r|\n/).forEach((row, i) => {
    if (row.trim() === '') return
    const cells = cellsOf(row)
    if (i === 0 && /^(user|用户)/i.test(cells[0] ?? '')) return
    const read = lineOf(cells, month)
    if (typeof read === 'string') bad.push({ line: i + 1, text: row.slice(0, 200), why: read })
    else lines.push(read)
  })
  return { lines, bad }
}

function lineOf(cells: readonly string[], reported: string | undefined): ReportLine | BadLine['why'] {
  const [user = '', number = '', month = '', charges = '', months = ''] = cells
  if (cells.length !== COLUMNS) return 'columns'
  if (user === '') return 'user'
  if (!MONTH.test(month)) return 'month'
  if (reported !== undefined && month !== reported) return 'other-month'
  if (!/^\d{1,13}$/.test(charges)) return 'charges'
  if (!/^\d{1,4}$/.test(months)) return 'months-on-network'
  return { user, number, month, charges: Number(charges), monthsOnNetwork: Number(months) }
}

/** Cells between commas, of either width; a cell in double quotes may hold commas, and quotes written twice. */
function cellsOf(row: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < row.length; i++) {
    const c = row[i]!
    if (quoted && c === '"' && row[i + 1] === '"') {
      cell += c
      i++
    } else if (c === '"' && (quoted || cell.trim() === '')) quoted = !quoted
    else if (!quoted && (c === ',' || c === ',')) {
      cells.push(cell.trim())
      cell = ''
    } else cell += c
  }
  return [...cells, cell.trim()]
}

/** Users by charges, the highest first. Charges of several numbers and services add up; the longest time on the network counts. */
export function screen(lines: readonly ReportLine[], { minCharges, minMonths }: ScreeningRule): ReportedUser[] {
  const users = new Map<string, { numbers: Set<string>; charges: number; monthsOnNetwork: number }>()
  for (const { user, number, charges, monthsOnNetwork } of lines) {
    const sum = users.get(user) ?? { numbers: new Set(), charges: 0, monthsOnNetwork: 0 }
    if (number !== '') sum.numbers.add(number)
    sum.charges += charges
    sum.monthsOnNetwork = Math.max(sum.monthsOnNetwork, monthsOnNetwork)
    users.set(user, sum)
  }
  return [...users]
    .map(([user, { numbers, charges, monthsOnNetwork }]) => {
      const selected = charges >= minCharges && monthsOnNetwork >= minMonths
      return { user, numbers: [...numbers], charges, monthsOnNetwork, selected }
    })
    .sort((a, b) => b.charges - a.charges || (a.user < b.user ? -1 : 1))
}
