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
function versionAt<T extends { validFrom: number }>(rows: readonly T[], named: (row: T) => boolean, at: number): T | undefined {
  let held: T | undefined
  let first: T | undefined
  for (const row of rows) {
    if (!named(row)) continue
    if (row.validFrom <= at && (held === undefined || row.validFrom >= held.validFrom)) held = row
    if (first === undefined || row.validFrom < first.validFrom) first = row
  }
  return held ?? first
}

/** The ladder of this name as it was at an instant. */
export const ladderAt = (limits: Limits, id: string, at: number): LadderRow | undefined =>
  versionAt(limits.ladders, (row) => row.id === id, at)

/** The calendar of this name as it is at an instant. */
export const calendarAt = (limits: Limits, id: string, at: number): Calendar | undefined =>
  versionAt(limits.calendars, ({ calendar }) => calendar.id === id, at)?.calendar

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
  return rowsFor(limits, of).find((row) => row.validFrom <= at && (row.validTo === undefined || row.validTo > at) && concerns(row, subject))
}

const unless = <T>(named: T | undefined, is: T | undefined): boolean => named === undefined || named === is

const concerns = ({ tag, product, circuitGrade, customerGrade, productGroup }: PolicyRow, subject: Subject): boolean =>
  (tag === undefined || subject.tags.includes(tag)) &&
  unless(product, subject.product) &&
  unless(circuitGrade, subject.circuitGrade) &&
  unless(customerGrade, subject.customerGrade) &&
  unless(productGroup, subject.productGroup)

/** The more columns a row names the more it says, and of as many the earlier ones say more. */
const tells = (row: PolicyRow): number =>
  columns.reduce((rank, column, i) => (row[column] === undefined ? rank : rank + 1000 + (1 << (columns.length - 1 - i))), 0)

type Of = Parameters<typeof bestPolicy>[1]

/** Rows by what they are for, the most telling first: worked out once for each reading of the table, since a promise asks for every step ahead. */
const sorted = new WeakMap<readonly PolicyRow[], Map<string, readonly PolicyRow[]>>()

function rowsFor({ policies }: Limits, { kind, process, step, clock }: Of): readonly PolicyRow[] {
  let found = sorted.get(policies)
  if (!found) sorted.set(policies, (found = new Map()))
  const name = `${kind} ${process} ${step ?? ''} ${clock ?? ''}`
  let rows = found.get(name)
  if (!rows) {
    const own = (row: PolicyRow) => row.kind === kind && row.clock === clock && unless(row.process, process) && unless(row.step, step)
    found.set(name, (rows = policies.filter(own).sort((a, b) => tells(b) - tells(a))))
  }
  return rows
}
