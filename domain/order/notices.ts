/** Who is told what about a move. Data only: texts are made when somebody reads them, in the reader's language. */
import { deskOf, deskRoles, superiors } from './desks.ts'
import type { OrderEvent } from './event.ts'
import { covers, helpers } from './offer.ts'
import type { PlanFacts } from './plan.ts'
import { ladderAt, type Limits } from './policy.ts'
import type { Fact, NotifySpec, ProcessSpec } from './spec.ts'
import type { OrderState, Task } from './state.ts'
import { isRole } from '../roles.ts'

export interface Notice {
  /** Event that it is about. */
  seq: number
  template: string
  to: { staff: string } | { customer: true; contact?: string }
  data: Readonly<Record<string, Fact>>
}

export interface NoticeInput {
  spec: ProcessSpec
  before: OrderState
  /** After the whole move, with what was planned. */
  after: OrderState
  /** All events of the move. */
  events: readonly OrderEvent[]
  facts: PlanFacts
}

/** Where the ladder is gone: catalogue 0.3 TO. */
const DEFAULT_LADDER: Readonly<Record<number, readonly string[]>> = {
  80: ['assignee'],
  100: ['assignee', 'dispatcher', 'superior'],
  150: ['next-superior'],
  200: ['vp-in-charge'],
}
/** Members of a unit or desk who are told one by one. */
const MOST_TOLD = 20

/** Roles whose holders must be known before {@link notices}: desks, and roles that ladders and steps name. */
export function noticeRoles(spec: ProcessSpec, state: OrderState, events: readonly OrderEvent[], limits: Limits): string[] {
  const named = events.flatMap((event): readonly string[] => {
    if (event.type === 'rung-fired') return rungOf(state, limits, event.data.clock, event.data.pct).to
    if (event.type === 'task-opened') return told(spec, event.data.step, 'open').map(({ to }) => to)
    if (event.type === 'task-completed') return told(spec, state.tasks[event.data.task]?.step, event.data.outcome).map(({ to }) => to)
    return []
  })
  return [...new Set([...deskRoles(spec), ...named.filter(isRole)])]
}

/** The messages of a move. Whoever made the move is not told of it, but by a clock. */
export function notices(input: NoticeInput): Notice[] {
  const found = new Map<string, Notice>()
  for (const event of input.events) {
    for (const { template, to, data } of ofEvent(event, input)) {
      for (const recipient of to) {
        if ('staff' in recipient && event.actor.kind === 'person' && recipient.staff === event.actor.id) continue
        const key = `${event.seq} ${template} ${'staff' in recipient ? recipient.staff : ''}`
        found.set(key, { seq: event.seq, template, to: recipient, data })
      }
    }
  }
  return [...found.values()]
}

type To = Notice['to']
interface Draft {
  template: string
  to: readonly To[]
  data: Notice['data']
}

const staff = (ids: readonly (string | undefined)[]): To[] => ids.flatMap((id) => (id === undefined ? [] : [{ staff: id }]))

const told = (spec: ProcessSpec, step: string | undefined, on: string): readonly NotifySpec[] =>
  (step === undefined ? [] : (spec.steps[step]?.notify ?? [])).filter((notify) => notify.on === on)

/** Whom a rung tells, and how. The ladder is the one that held when the order opened. */
function rungOf(state: OrderState, limits: Limits, clock: string, pct: number): { to: readonly string[]; template: string } {
  const ladder = state.clocks[clock]?.ladder
  const rung = ladder === undefined ? undefined : ladderAt(limits, ladder, state.openedAt)?.rungs.find((r) => r.pct === pct)
  return {
    to: rung?.to ?? DEFAULT_LADDER[pct] ?? ['assignee', 'superior'],
    template: rung?.template ?? (pct < 100 ? 'limit-warning' : 'limit-breach'),
  }
}

function ofEvent(event: OrderEvent, input: NoticeInput): Draft[] {
  const { spec, before, after, events, facts } = input
  const draft = (template: string, to: readonly To[], data: Notice['data'] = {}): Draft[] =>
    to.length === 0 ? [] : [{ template, to, data: { ...subject(after), ...data } }]
  const one = (names: readonly string[], task: Task | undefined) => names.flatMap((name) => recipients(name, task, input))
  const of = (id: string) => {
    const task = after.tasks[id] ?? before.tasks[id]
    return { task, data: { task: id, ...(task && { step: task.step }) } }
  }
  switch (event.type) {
    case 'task-opened':
      return told(spec, event.data.step, 'open').flatMap(({ to, template }) =>
        draft(template, one([to], of(event.data.task).task), of(event.data.task).data),
      )
    case 'task-completed': {
      const task = before.tasks[event.data.task]
      return told(spec, task?.step, event.data.outcome).flatMap(({ to, template }) =>
        draft(template, one([to], task), { ...of(event.data.task).data, outcome: event.data.outcome }),
      )
    }
    case 'task-offered': {
      const { task, party, person, unit, held, absent } = event.data
      const roles = rolesFor(spec, after, task, party)
      const to =
        person === undefined ? staff(unit === undefined ? [] : helpers(facts.people, unit, roles).slice(0, MOST_TOLD)) : staff([person])
      const template = party === undefined ? (held ? 'task-held' : 'task-offered') : 'signature-asked'
      return draft(template, to, { ...of(task).data, ...(party && { party }), ...(absent && { absent }), ...due(after, task) })
    }
    case 'task-dispatched':
    case 'task-reassigned': {
      const { task, unit, person } = event.data
      const toDelegate = events.some((e) => e.type === 'task-offered' && e.data.task === task)
      const now = toDelegate
        ? []
        : person === undefined
          ? helpers(facts.people, unit ?? '', rolesFor(spec, after, task)).slice(0, MOST_TOLD)
          : [person]
      const was = before.tasks[task]?.person
      return [
        ...draft('task-offered', staff(now), { ...of(task).data, ...due(after, task) }),
        ...draft('task-taken-away', staff(was === person ? [] : [was]), { ...of(task).data, reason: event.data.reason ?? '' }),
      ]
    }
    case 'offer-expired':
      return draft('offer-expired', staff([event.data.person]), of(event.data.task).data)
    case 'task-queued': {
      const { task, party, queue, person } = event.data
      const to = person === undefined ? one(['dispatcher'], undefined) : staff([person])
      return draft('task-queued', to, { ...of(task).data, queue, ...(party && { party }) })
    }
    case 'rung-fired': {
      const { clock, pct, late } = event.data
      const { to, template } = rungOf(before, facts.limits, clock, pct)
      const task = clockTask(before, clock)
      return draft(template, one(to, task), {
        clock,
        pct,
        late,
        due: before.clocks[clock]?.due ?? event.data.due,
        ...(task && { task: task.id, step: task.step }),
      })
    }
    case 'order-urged': {
      const { task, note } = event.data
      const urged = task === undefined ? Object.values(after.tasks) : [after.tasks[task]]
      return urged.flatMap((t) =>
        t ? draft('order-urged', one(['assignee'], t), { task: t.id, step: t.step, ...(note && { note }) }) : [],
      )
    }
    case 'suspend-requested':
      return draft('suspend-asked', one(['superior'], before.tasks[event.data.task]), {
        ...of(event.data.task).data,
        reason: event.data.reason,
        party: event.data.party,
      })
    case 'suspend-denied':
      return draft('suspend-denied', one(['assignee'], before.tasks[event.data.task]), {
        ...of(event.data.task).data,
        reason: event.data.reason ?? '',
      })
    case 'task-suspended':
      return draft('task-suspended', one(['assignee'], before.tasks[event.data.task]), {
        ...of(event.data.task).data,
        reason: event.data.reason,
      })
    case 'task-resumed':
      return draft('task-resumed', one(['assignee'], before.tasks[event.data.task]), {
        ...of(event.data.task).data,
        ...due(after, event.data.task),
      })
    case 'extension-requested':
      return draft('extension-asked', one(['superior'], before.tasks[event.data.task]), {
        ...of(event.data.task).data,
        more: event.data.by,
        reason: event.data.reason,
      })
    case 'extension-denied':
      return draft('extension-denied', one(['assignee'], before.tasks[event.data.task]), {
        ...of(event.data.task).data,
        reason: event.data.reason,
      })
    case 'limit-extended': {
      const { clock, by } = event.data
      const asking = Object.values(before.tasks).filter(({ extensionAsked }) => extensionAsked?.clock === clock)
      return asking.flatMap((task) =>
        draft('extension-granted', one(['assignee'], task), { ...of(task.id).data, more: by, due: after.clocks[clock]?.due ?? '' }),
      )
    }
    case 'task-cancelled':
      return draft('task-cancelled', one(['assignee'], before.tasks[event.data.task]), of(event.data.task).data)
    case 'automatic-failed':
      return event.data.times === 1
        ? draft('automatic-failed', one(['dispatcher'], undefined), { ...of(event.data.task).data, message: event.data.message })
        : []
    case 'comment-added':
      return [
        ...(event.data.told ? draft('customer-message', one(['customer'], undefined), { text: event.data.text }) : []),
        ...draft('mentioned', staff(event.data.mentions ?? []), { text: event.data.text }),
      ]
    case 'child-started':
      return event.data.waits
        ? []
        : draft('order-started', one(['responsible'], undefined), { other: event.data.child, process: event.data.process })
    case 'order-raised':
      return draft('order-raised', one(['responsible', 'vp-in-charge'], undefined), { to: event.data.to, reason: event.data.reason })
    case 'order-closed':
      return draft('order-closed', one(['responsible'], undefined), { end: event.data.end })
    default:
      return []
  }
}

const subject = ({ no, process, title }: OrderState): Notice['data'] => ({ ...(no && { no }), process, title })

const due = (state: OrderState, task: string): Notice['data'] => {
  const clock = state.clocks[`${task}/complete`] ?? state.clocks[`${task}/accept`]
  return clock ? { due: clock.due } : {}
}

function rolesFor(spec: ProcessSpec, state: OrderState, id: string, party?: string): readonly string[] {
  const task = state.tasks[id]
  if (!task) return []
  return party === undefined ? (task.roles ?? spec.steps[task.step]?.who ?? []) : (task.parties?.[party]?.roles ?? [])
}

/** The task that a clock watches; for an order's own clock the open one that has somebody, the oldest first. */
export function clockTask(state: OrderState, clock: string): Task | undefined {
  const own = state.clocks[clock]?.task
  if (own !== undefined) return state.tasks[own]
  const open = Object.values(state.tasks).sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))
  return open.find((task) => task.person !== undefined) ?? open[0]
}

function recipients(name: string, task: Task | undefined, { spec, after, facts }: NoticeInput): To[] {
  const desk = () => deskOf(facts.holders, deskRoles(spec), after.region)
  const above = () => {
    const unit = task?.unit ?? (task?.person === undefined ? undefined : facts.people.get(task.person)?.unit) ?? desk()?.unit
    return superiors(facts.units, unit, task?.person)
  }
  switch (name) {
    case 'assignee': {
      if (!task) return []
      if (task.parties) return staff(Object.values(task.parties).flatMap(({ answer, person }) => (answer === undefined ? [person] : [])))
      if (task.person !== undefined) return staff([task.person])
      return staff(
        task.unit === undefined || task.status === 'undispatched'
          ? []
          : helpers(facts.people, task.unit, rolesFor(spec, after, task.id)).slice(0, MOST_TOLD),
      )
    }
    case 'dispatcher':
      return staff((desk()?.staff ?? []).slice(0, MOST_TOLD))
    case 'responsible':
      return after.responsible.kind === 'person' ? staff([after.responsible.id]) : []
    case 'superior':
      return staff(above().slice(0, 1))
    case 'next-superior':
      // Where nobody stands above the superior, he hears of it again.
      return staff([above()[1] ?? above()[0]])
    case 'customer':
      return [{ customer: true, ...(facts.customer?.contact && { contact: facts.customer.contact }) }]
    case 'account-manager':
      return staff([facts.customer?.accountManager])
    default: {
      const near = facts.holders
        .filter(({ role, region }) => role === name && covers(region, after.region))
        .sort((a, b) => b.region.length - a.region.length)
      const region = near[0]?.region
      return staff([...new Set(near.filter((h) => h.region === region).flatMap((h) => h.staff))].slice(0, MOST_TOLD))
    }
  }
}
