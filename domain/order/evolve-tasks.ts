/** What events do to the tasks of an order, to their parties, and to what their outcomes leave behind. */
import type { EventActor } from './event.ts'
import type { Effects, Of } from './evolve-clocks.ts'
import { copyOfTask, ownTask, without } from './made.ts'
import type { Clock, OrderState, Party, Task } from './state.ts'

type TaskEvent =
  | 'task-opened'
  | 'task-offered'
  | 'task-queued'
  | 'task-dispatched'
  | 'task-reassigned'
  | 'task-accepted'
  | 'task-refused'
  | 'task-returned'
  | 'offer-expired'
  | 'task-rerouted'
  | 'task-completed'
  | 'task-cancelled'
  | 'suspend-requested'
  | 'suspend-denied'
  | 'task-suspended'
  | 'task-resumed'
  | 'extension-requested'
  | 'extension-denied'
  | 'signed'
  | 'signer-added'
  | 'signer-removed'
  | 'automatic-failed'

export const ofTasks: Effects<TaskEvent> = {
  'task-opened'(next, { data, at }) {
    const { task: id, step, key, n, kind, roles, parties } = data
    const task = copyOfTask({ id, step, key, n, status: kind ?? 'undispatched', openedAt: at, roles, parties })
    next.tasks = { ...next.tasks, [id]: task }
  },
  'task-offered': offered,
  'task-queued': queued,
  'task-dispatched': dispatched,
  'task-reassigned': dispatched,
  'task-accepted'(next, { data, actor }) {
    const task = ownTask(next, data.task)
    if (task) {
      task.status = 'accepted'
      task.person = actor.for ?? actor.id
      task.absent = undefined
      task.queue = undefined
    }
    dropClocks(next, data.task, 'dispatch', 'accept')
    next.responsible = actor
    next.refusals = without(next.refusals, task?.step ?? '')
  },
  'task-refused'(next, { data, actor }) {
    next.refusals = { ...next.refusals, [next.tasks[data.task]?.step ?? '']: data.times }
    givenBack(next, data.task, actor)
  },
  'task-returned'(next, { data, actor }) {
    givenBack(next, data.task, actor)
  },
  'offer-expired'(next, { data }) {
    givenBack(next, data.task, data.person === undefined ? undefined : { kind: 'person', id: data.person })
  },
  'task-rerouted'(next, { data }) {
    const task = idle(next, data.task)
    if (task) task.roles = data.to
    dropClocks(next, data.task, 'dispatch', 'accept')
  },
  'task-completed': completed,
  'task-cancelled'(next, { data }) {
    close(next, data.task)
  },
  'suspend-requested'(next, { data, actor }) {
    const { task: id, ...asked } = data
    const task = ownTask(next, id)
    if (task) task.suspendAsked = { ...asked, by: actor.id }
  },
  'suspend-denied'(next, { data }) {
    const task = ownTask(next, data.task)
    if (task) task.suspendAsked = undefined
  },
  'task-suspended'(next, { data }) {
    const { task: id, ...why } = data
    const task = ownTask(next, id)
    if (!task) return
    task.suspendAsked = undefined
    task.suspended = why
  },
  'task-resumed'(next, { data }) {
    const task = ownTask(next, data.task)
    if (task) task.suspended = undefined
  },
  'extension-requested'(next, { data: { task: id, clock, by: more, reason }, actor }) {
    const task = ownTask(next, id)
    if (task) task.extensionAsked = { clock, more, reason, by: actor.id }
  },
  'extension-denied'(next, { data }) {
    const task = ownTask(next, data.task)
    if (task) task.extensionAsked = undefined
  },
  signed(next, { data, actor }) {
    const party = ownParty(next, data.task, data.party)
    if (!party) return
    party.answer = data.answer
    party.by = actor.for ?? actor.id
  },
  'signer-added'(next, { data: { task: id, party, roles, mandatory, person } }) {
    const task = ownTask(next, id)
    const added: Party = { roles, added: true, ...(mandatory && { mandatory }), ...(person && { person }) }
    if (task) task.parties = { ...task.parties, [party]: added }
  },
  'signer-removed'(next, { data }) {
    const task = ownTask(next, data.task)
    if (task) task.parties = without(task.parties ?? {}, data.party)
  },
  'automatic-failed'(next, { data: { task: id, message, times } }) {
    const task = ownTask(next, id)
    if (task) task.failed = { message, times }
  },
}

function offered(next: OrderState, { data }: Of<'task-offered'>): void {
  const { task: id, party, unit, person, absent, held, mode } = data
  const asked = party ? ownParty(next, id, party) : idle(next, id)
  if (asked) {
    asked.unit = unit
    asked.person = person
    asked.absent = absent
  }
  if (party) return
  const task = asked as Task | undefined
  if (task) {
    task.status = held ? 'accepted' : 'offered'
    task.mode = mode
  }
  dropClocks(next, id, 'dispatch')
}

function queued(next: OrderState, { data }: Of<'task-queued'>): void {
  const { task: id, party, queue, unit, person } = data
  const asked = party ? ownParty(next, id, party) : idle(next, id)
  if (!asked) return
  asked.unit = unit
  asked.person = person
  if (!party) (asked as Task).queue = queue
}

function dispatched(next: OrderState, { data }: Of<'task-dispatched' | 'task-reassigned'>): void {
  const task = idle(next, data.task)
  if (task) {
    task.status = 'offered'
    task.unit = data.unit
    task.person = data.person
  }
  dropClocks(next, data.task, 'dispatch', 'accept')
}

function completed(next: OrderState, event: Of<'task-completed'>): void {
  const { task: id, outcome, form, irreversible, release, settles } = event.data
  const open = next.tasks[id]
  if (!open) return
  const by = event.actor.kind === 'person' ? event.actor.id : undefined
  const { step, n, key } = open
  const entry = { step, n, outcome, at: event.at, ...(key !== undefined && { key }), ...(form && { data: form }), ...(by && { by }) }
  close(next, id)
  next.journal = [...next.journal, entry]
  if (form) next.facts = { ...next.facts, ...form }
  if (by) next.doers = { ...next.doers, [step]: by }
  if (irreversible) {
    next.irreversible = irreversible
    next.stays = [...(next.stays ?? []), { order: next.id, process: next.process, step, outcome }]
  }
  if (release) next.released = release
  if (settles) next.undo = next.undo.filter(({ effect }) => !settles.includes(effect))
}

/** A unit that let its offer lie bars nobody. */
function givenBack(next: OrderState, id: string, actor: EventActor | undefined): void {
  const step = next.tasks[id]?.step ?? ''
  if (actor) next.notAgain = { ...next.notAgain, [step]: [...(next.notAgain[step] ?? []), actor.for ?? actor.id] }
  idle(next, id)
  dropClocks(next, id, 'accept')
}

/** The task with nobody holding it; the time that its holder asked for was his to ask. */
function idle(next: OrderState, id: string): Task | undefined {
  const task = ownTask(next, id)
  if (!task) return undefined
  task.status = 'undispatched'
  task.unit = undefined
  task.person = undefined
  task.absent = undefined
  task.queue = undefined
  task.mode = undefined
  task.extensionAsked = undefined
  return task
}

function close(next: OrderState, id: string): void {
  dropClocks(next, id, 'dispatch', 'accept', 'complete')
  next.tasks = without(next.tasks, id)
}

/** Found by their task, which is quicker than by names that have to be put together first. */
function dropClocks(next: OrderState, id: string, ...kinds: readonly ('dispatch' | 'accept' | 'complete')[]): void {
  const { clocks } = next
  const left: Record<string, Clock> = {}
  let any = false
  for (const name in clocks) {
    const clock = clocks[name]!
    if (clock.task === id && kinds.some((kind) => name.endsWith(kind))) any = true
    else left[name] = clock
  }
  if (any) next.clocks = left
}

function ownParty(next: OrderState, id: string, name: string): Party | undefined {
  const party = next.tasks[id]?.parties?.[name]
  const task = party && ownTask(next, id)
  if (!task) return undefined
  const own = { ...party }
  task.parties = { ...task.parties, [name]: own }
  return own
}
