/**
 * Whether the code of today fits an open order: its process is run against the order's journal, in memory, and must come to stand where
 * the record says. Where it does not, the place is named to which it would lead.
 */
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { JournalEntry, OrderState } from '../../domain/order/state.ts'
import { openNames, waitName } from '../../domain/order/journal.ts'
import { BodyHost } from './body-host.ts'
import type { Drain } from './machine.ts'
import { asksBeyond } from './mended.ts'
import type { Process } from './process.ts'

/** Nothing to do; it would stand elsewhere; the code cannot read its history. Of one that has stopped: it would go on, or stay so. */
export type Fit = 'stands' | 'moved' | 'refused' | 'goes-on' | 'stays'

export interface Judgement {
  fit: Fit
  /** In words, where it does not stand, or has stopped. */
  why?: string
  /** The step at which the ways part, or that the code does not know. */
  step?: string
  /** Outcomes of the journal that the process still takes, and how many there are. */
  kept?: number
  of?: number
  /** What it would open, and what is open now. */
  opens?: readonly string[]
  open?: readonly string[]
}

const stepOf = (name: string): string => name.slice(0, name.search(/[:.]|$/))

const refused = (step: string, why: string): Judgement => ({ fit: 'refused', step, why })

/** An outcome or a step that the specification has no longer: a body would take it for another. */
function unknownIn(spec: ProcessSpec, { journal, tasks }: OrderState): Judgement | undefined {
  for (const entry of journal) {
    if (!('step' in entry)) continue
    const step = spec.steps[entry.step]
    if (!step) return refused(entry.step, `the process has no step ${entry.step} any more, which the order has done`)
    if (!Object.hasOwn(step.outcomes, entry.outcome))
      return refused(entry.step, `${entry.step} has no outcome ${entry.outcome} any more, with which the order went on`)
  }
  for (const { step } of Object.values(tasks))
    if (!spec.steps[step]) return refused(step, `the process has no step ${step} any more, which is open`)
  return undefined
}

/**
 * Judges one order. One that is being withdrawn is not run by its body, and stands.
 * @param process nothing where there is none of that name any more
 * @param drain lets everything run that can
 */
export async function judgeOrder(process: Process | undefined, state: OrderState, drain: Drain): Promise<Judgement> {
  if (state.status === 'stopped') return judgeStopped(process, state, drain)
  if (!process) return refused('', `there is no process ${state.process} any more`)
  return state.status === 'open' ? judgeOpen(process, state, drain) : { fit: 'stands' }
}

/** As a new run of its workflow would find it with this code. */
async function judgeStopped(process: Process | undefined, state: OrderState, drain: Drain): Promise<Judgement> {
  const { code, message } = state.stopped ?? { code: '', message: '' }
  if (!process) return { fit: 'stays', why: `there is no process ${state.process} any more` }
  const goesOn = (opens: readonly string[]): Judgement => ({
    fit: 'goes-on',
    why: `stopped with ${code} (${message}), it would go on${opens.length > 0 ? `, and open ${opens.join(', ')}` : ''}`,
    opens,
  })
  if (code !== 'BODY_FAILED') {
    const judged = await judgeOpen(process, state, drain)
    return judged.fit === 'stands' ? goesOn([]) : { ...judged, fit: 'stays' }
  }
  const unknown = unknownIn(process.spec, state)
  if (unknown) return { ...unknown, fit: 'stays' }
  const asked = await asksBeyond(new BodyHost(process, state.id, () => {}), process.spec, state, drain)
  if (typeof asked === 'string') return { fit: 'stays', why: asked }
  return goesOn(
    asked.flatMap((opening) => (opening.kind === 'task' ? [opening.task] : opening.kind === 'child' ? [opening.child.child] : [])),
  )
}

async function judgeOpen(process: Process, state: OrderState, drain: Drain): Promise<Judgement> {
  const unknown = unknownIn(process.spec, state)
  if (unknown) return unknown
  const host = new BodyHost(process, state.id, () => {})
  host.start(state)
  await drain()
  // Its first look, before there is news.
  host.tell({ ...state, journal: [] })
  let kept = 0
  for (const entry of state.journal) {
    if (!host.waitsFor(waitName(entry))) break
    host.tell(state)
    kept++
    await drain()
  }
  if (host.failed !== undefined) return refused('', `its body fails: ${host.failed}`)
  const open = openNames(state)
  if (
    kept === state.journal.length &&
    host.ended === undefined &&
    open.length === host.waiting().length &&
    open.every((name) => host.waitsFor(name))
  )
    return { fit: 'stands' }
  return moved(state.journal, kept, host, open.sort())
}

function moved(journal: readonly JournalEntry[], kept: number, host: BodyHost, open: readonly string[]): Judgement {
  const opens = host.waiting()
  const next = journal[kept]
  const last = journal[kept - 1]
  const after = last ? `after ${waitName(last)}` : 'at its beginning'
  const where = host.ended === undefined ? `it would stand at ${opens.join(', ') || 'nothing'}` : `it would end with ${host.ended}`
  const left = next ? `; ${journal.length - kept} later outcomes, from ${waitName(next)} on, would not count` : ''
  const step = stepOf(opens.find((name) => !open.includes(name)) ?? open.find((name) => !opens.includes(name)) ?? '')
  return {
    fit: 'moved',
    step,
    why: `${after} ${where}, not at ${open.join(', ') || 'nothing'}${left}`,
    kept,
    of: journal.length,
    opens,
    open,
  }
}
