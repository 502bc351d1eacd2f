/** Names of journal positions. */
import type { JournalEntry, OrderState } from './state.ts'

/** Under which openings of a step are counted. */
export const openingName = (step: string, key?: string): string => (key === undefined ? step : `${step}:${key}`)

/** Id of the n-th task of a step: `repair-fault.2`, or `standby:site-a.1` with a key. */
export const taskId = (step: string, n: number, key?: string): string => `${openingName(step, key)}.${n}`

/** True when the entry is what a mark names: `step`, or `step=outcome`. */
export function matchesMark(entry: { step: string; outcome: string }, mark: string): boolean {
  const [step, outcome] = mark.split('=')
  return entry.step === step && (outcome === undefined || entry.outcome === outcome)
}

/** How often the journal holds what a mark names; in a keyed branch its own entries count alone. */
export const timesMarked = (journal: readonly JournalEntry[], mark: string, key?: string): number =>
  journal.filter((entry) => 'step' in entry && (key === undefined || entry.key === key) && matchesMark(entry, mark)).length

/** Instant (epoch ms) of the latest entry that one of the marks names. */
export function latestMark(journal: readonly JournalEntry[], marks: readonly string[]): number | undefined {
  for (let i = journal.length - 1; i >= 0; i--) {
    const entry = journal[i]!
    if ('step' in entry && marks.some((mark) => matchesMark(entry, mark))) return entry.at
  }
  return undefined
}

/** Name under which a journal entry, an open task or a child is waited for. */
export const waitName = (of: { step: string; n: number; key?: string } | { child: string }): string =>
  'child' in of ? `child ${of.child}` : taskId(of.step, of.n, of.key)

/** Names of the tasks and children that are open and that the body waits for. */
export const openNames = ({ children, tasks }: Pick<OrderState, 'children' | 'tasks'>): string[] => [
  ...Object.keys(tasks),
  ...Object.entries(children).flatMap(([child, { waits, task, left, end }]) =>
    waits && !task && !left && end === undefined ? [waitName({ child })] : [],
  ),
]

/** How often a step (with a key) has been opened so far, by journal and open tasks. */
export const isOpen = (state: OrderState, task: string): boolean => Object.hasOwn(state.tasks, task)

/**
 * Number of the k-th opening of a step. After an amendment the entries that were kept keep their numbers; what opens beyond them counts
 * on from the highest ever used, so that no two openings share an id.
 */
export function occurrence({ journal, amended }: Pick<OrderState, 'journal' | 'amended'>, name: string, k: number): number {
  if (!amended) return k
  const kept = journal.slice(0, amended.kept).flatMap((e) => ('step' in e && openingName(e.step, e.key) === name ? [e.n] : []))
  return kept[k - 1] ?? (amended.top[name] ?? 0) + k - kept.length
}
