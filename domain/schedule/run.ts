/** What a run of a schedule begins with: words in its input stand for the run's own days and months. Pure. */
import type { Fact } from '../order/spec.ts'

export type Facts = Readonly<Record<string, Fact>>

/** Words that a schedule's input may hold, each with what it stands for on the run's day (local to the schedule's time zone). */
const words: Readonly<Record<string, (day: Day) => string>> = {
  '@today': ({ year, month, day }) => iso(year, month, day),
  '@month': ({ year, month }) => iso(year, month),
  '@last-month': ({ year, month }) => (month === 1 ? iso(year - 1, 12) : iso(year, month - 1)),
}

export const scheduleWords: readonly string[] = Object.keys(words)

interface Day {
  year: number
  month: number
  day: number
}

const iso = (year: number, ...rest: number[]): string => [year, ...rest.map((n) => String(n).padStart(2, '0'))].join('-')

/** The day of an instant (epoch ms) where the schedule is. */
function dayOf(at: number, timeZone: string): Day {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at)
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value)
  return { year: part('year'), month: part('month'), day: part('day') }
}

/** Facts of the order that the run of this instant opens. */
export function runFacts(input: Facts, at: number, timeZone: string): Facts {
  const day = dayOf(at, timeZone)
  const said = (value: Fact): Fact => (typeof value === 'string' ? (words[value]?.(day) ?? value) : value)
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, said(value)]))
}

/** Id of the order of a run; a repeat of the run finds it. */
export const runOrder = (schedule: string, at: number): string =>
  `sched-${schedule}-${new Date(at).toISOString().replace(/\D/g, '').slice(0, 17)}`
