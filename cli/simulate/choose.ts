/** What a member of staff does with a task, of what the order allows: mostly the next right thing, sometimes something else. */
import type { AllowedView, Form, OrderView, ProcessView, Random, TaskView } from './view.ts'
import { oneOf } from './view.ts'

/** Shares of the moments in which somebody does something else than go on. */
export interface Habits {
  refuse: number
  return: number
  reassign: number
  suspend: number
  /** Asks for more time. */
  ask: number
  comment: number
  urge: number
  /** A supervisor says no to a suspension, or to more time. */
  deny: number
  /** Another outcome, or another answer, than the first one named. */
  stray: number
}

export const usualHabits: Habits = {
  refuse: 0.04,
  return: 0.02,
  reassign: 0.015,
  suspend: 0.03,
  ask: 0.02,
  comment: 0.02,
  urge: 0.01,
  deny: 0.2,
  stray: 0.15,
}

/** Each does the next right thing. */
export const steadyHabits: Habits = { refuse: 0, return: 0, reassign: 0, suspend: 0, ask: 0, comment: 0, urge: 0, deny: 0, stray: 0 }

export type Choice =
  | { type: 'accept' | 'resume' | 'urge' | 'comment' }
  | { type: 'refuse' | 'return' | 'suspend' }
  | { type: 'ask-extension'; clock: string }
  | { type: 'grant-extension' | 'deny-extension' }
  /** Somebody has to be found first. */
  | { type: 'dispatch' | 'reassign' }
  | { type: 'sign'; party: string; answer: string }
  | { type: 'complete'; outcome: string; form: Form }

export interface Situation {
  order: OrderView
  task: TaskView
  process: ProcessView
  /** Id of who is about to act. */
  me: string
}

/** Nothing: this person can't go on with the task. */
export function choose(
  random: Random,
  all: readonly AllowedView[],
  situation: Situation,
  habits: Habits = usualHabits,
): Choice | undefined {
  const { task } = situation
  const mine = new Map(all.filter((one) => one.task === task.task).map((one) => [one.command, one]))
  const may = (command: AllowedView['command'], share = 1) => mine.has(command) && (share >= 1 || random() < share)

  const signing = mine.get('sign')?.parties?.[0]
  if (signing) return { type: 'sign', party: signing.id, answer: leading(random, signing.answers, habits.stray)! }
  if (task.suspended) return may('resume') ? { type: 'resume' } : undefined
  if (task.suspendAsked) {
    // The holder may work on meanwhile; a supervisor answers.
    if (may('resume')) return random() >= habits.deny && mine.has('suspend') ? { type: 'suspend' } : { type: 'resume' }
    return goOn(random, mine, situation, habits)
  }
  if (may('grant-extension')) return { type: random() < habits.deny ? 'deny-extension' : 'grant-extension' }
  const held = task.status === 'accepted'
  if (mine.has('complete') || mine.has('accept')) {
    if (all.some(({ command }) => command === 'comment') && random() < habits.comment) return { type: 'comment' }
    if (all.some(({ command }) => command === 'urge') && random() < habits.urge) return { type: 'urge' }
    if (!held && may('refuse', habits.refuse)) return { type: 'refuse' }
    if (held && may('return', habits.return)) return { type: 'return' }
    if (held && may('reassign', habits.reassign)) return { type: 'reassign' }
    if (held && may('suspend', habits.suspend)) return { type: 'suspend' }
    const clock = mine.get('ask-extension')?.clocks?.[0]
    if (clock !== undefined && random() < habits.ask) return { type: 'ask-extension', clock }
  }
  return goOn(random, mine, situation, habits)
}

function goOn(random: Random, mine: ReadonlyMap<string, AllowedView>, situation: Situation, habits: Habits): Choice | undefined {
  const outcomes = mine.get('complete')?.outcomes ?? []
  // A ticket that is taken: its outcome is to be given by accepting.
  if (mine.has('accept') && (outcomes.length === 0 || random() < 0.5)) return { type: 'accept' }
  const outcome = chooseOutcome(random, outcomes, situation, habits)
  if (outcome) return { type: 'complete', outcome: outcome.id, form: outcome.form }
  if (mine.has('accept')) return { type: 'accept' }
  return mine.has('dispatch') ? { type: 'dispatch' } : undefined
}

type Outcome = NonNullable<AllowedView['outcomes']>[number]

/**
 * The outcome named first is what a step is for; the others come now and then. One that leads back to where the order has been counts
 * less with every round, so that every order comes to an end.
 */
function chooseOutcome(
  random: Random,
  outcomes: readonly Outcome[],
  { order, task, process }: Situation,
  { stray }: Habits,
): Outcome | undefined {
  if (outcomes.length === 0) return undefined
  const edges = process.graph.steps.find(({ id }) => id === task.step)?.outcomes ?? []
  const visited = outcomes.map(({ id }) =>
    Math.max(0, ...edges.filter((edge) => edge.outcome === id).map(({ next }) => order.tasks.filter(({ step }) => step === next).length)),
  )
  // Who never strays never goes back either where there is a way on.
  if (stray === 0) return outcomes[visited.indexOf(Math.min(...visited))]
  const weights = outcomes.map((_, i) => {
    const visits = visited[i]!
    const usual = i === 0 ? 1 - stray : stray / Math.max(1, outcomes.length - 1)
    return Math.max(usual, 1e-6) / (1 + visits) ** 2
  })
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
  return outcomes.find((_, i) => (left -= weights[i]!) < 0) ?? outcomes[0]
}

const leading = (random: Random, answers: readonly string[], stray: number): string | undefined =>
  random() < stray ? oneOf(random, answers) : answers[0]
