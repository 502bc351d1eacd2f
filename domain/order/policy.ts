/** Limits as rows: which of them holds, with the ladder and calendar of the time. */
import type { Calendar } from '../calendar/calendar.ts'

/** A limit as its row holds it. Absent columns match anything. Instants in epoch ms. */
export interface PolicyRow {
  id: string
  version: number
  kind: 'dispatch' | 'accept' | 'complete' | 'order'
  clock?: string
  process?: string
  step?: string
  productGroup?: string
  product?: string
  customerGrade?: string
  circuitGrade?: string
  tag?: string
  budget?: string
  calendar: string
  ladder: string
  mark: string
  validFrom: number
  validTo?: number
}

export interface LadderRow {
  id: string
  version: number
  /** Percent of the budget, who is told, and in which words. */
  rungs: readonly { pct: number; to: readonly string[]; template?: string }[]
  validFrom: number
}

/** Everything that limits are made of, in all versions. */
export interface Limits {
  policies: readonly PolicyRow[]
  ladders: readonly LadderRow[]
  calendars: readonly { calendar: Calendar; validFrom: number }[]
}

/** What an order is about, as far as limits go by it (P-14 rule 2). */
export interface Subject {
  productGroup?: string
  product?: string
  customerGrade?: string
  circuitGrade?: string
  tags: readonly string[]
}

/** Columns from the most telling on: where as many are named, the row with the more telling one wins. */
const columns = ['tag', 'product', 'circuitGrade', 'customerGrade', 'productGroup', 'step', 'process'] as const

/** The versioned row that held at an instant; the first ever, where the instant is older than all. */
function versionAt<T extends { validFrom: number }>(rows: readonly T[], at: number): T | undefined {
  const inOrder = [...rows].sort((a, b) => a.validFrom - b.validFrom)
  return inOrder.findLast((row) => row.validFrom <= at) ?? inOrder[0]
}

/** The ladder of this name as it was at an instant. */
export const ladderAt = (limits: Limits, id: string, at: number): LadderRow | undefined =>
  versionAt(
    limits.ladders.filter((row) => row.id === id),
    at,
  )

/** The calendar of this name as it is at an instant. */
export const calendarAt = (limits: Limits, id: string, at: number): Calendar | undefined =>
  versionAt(
    limits.calendars.filter((row) => row.calendar.id === id),
    at,
  )?.calendar

/** A calendar as clocks name it: `W@1`. */
export const nameOf = ({ id, version }: Calendar): string => `${id}@${version}`

/** The calendar that a clock began with: `W@1`. @throws Error when the record has lost it */
export function calendarOf(limits: Limits, cal: string): Calendar {
  const found = limits.calendars.find(({ calendar }) => nameOf(calendar) === cal)
  if (!found) throw new Error(`The record has no calendar ${cal}: put the row back, versions are never deleted`)
  return found.calendar
}

/**
 * The policy row that holds for a task or an order clock: the one with the most named columns among those that match.
 * @param at the order's opening, so that a later change of the table leaves running orders alone (P-14 rule 4)
 */
export function bestPolicy(
  limits: Limits,
  of: { kind: PolicyRow['kind']; process: string; step?: string; clock?: string },
  subject: Subject,
  at: number,
): PolicyRow | undefined {
  const wanted: Record<(typeof columns)[number], string | undefined> = {
    tag: undefined,
    product: subject.product,
    circuitGrade: subject.circuitGrade,
    customerGrade: subject.customerGrade,
    productGroup: subject.productGroup,
    step: of.step,
    process: of.process,
  }
  let best: PolicyRow | undefined
  let bestRank = -1
  for (const row of rowsFor(limits, of.kind, of.process)) {
    if (row.clock !== of.clock || row.validFrom > at || (row.validTo !== undefined && row.validTo <= at)) continue
    let rank = 0
    const matches = columns.every((column, i) => {
      const value = row[column]
      if (value === undefined) return true
      rank += 1000 + (1 << (columns.length - 1 - i))
      return column === 'tag' ? subject.tags.includes(value) : value === wanted[column]
    })
    if (matches && rank > bestRank) {
      best = row
      bestRank = rank
    }
  }
  return best
}

/** Rows by kind and process, worked out once for each reading of the table: a promise asks for every step that lies ahead. */
const sorted = new WeakMap<readonly PolicyRow[], Map<string, readonly PolicyRow[]>>()

function rowsFor({ policies }: Limits, kind: PolicyRow['kind'], process: string): readonly PolicyRow[] {
  let found = sorted.get(policies)
  if (!found) sorted.set(policies, (found = new Map()))
  const name = `${kind} ${process}`
  let rows = found.get(name)
  if (!rows) found.set(name, (rows = policies.filter((row) => row.kind === kind && (row.process === undefined || row.process === process))))
  return rows
}
