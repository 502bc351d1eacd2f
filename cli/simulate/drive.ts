/** Takes one order on, task by task, each time as somebody who can: until it ends, or nothing can be done for the moment. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Choice, type Habits, choose } from './choose.ts'
import type { Answer, Session } from './api.ts'
import { type Crew, type Player, someOf } from './crew.ts'
import { fillForm } from './forms.ts'
import type { Stats } from './stats.ts'
import type { OrderView, ProcessView, Random, TaskView } from './view.ts'
import { oneOf, openTasks } from './view.ts'
import { sentence } from './words.ts'

export interface Office {
  crew: Crew
  stats: Stats
  habits: Habits
  /** Sees every order. */
  observer: Player
  process(id: string): Promise<ProcessView>
  customers(player: Player): Promise<readonly string[]>
  /** Free circuits that the player can see. */
  resources(player: Player): Promise<readonly string[]>
  products(player: Player): Promise<readonly string[]>
  agents(player: Player): Promise<readonly string[]>
  /** A key that no other request has. */
  key(): string
  stop: AbortSignal
  /** Somebody thinks before acting. */
  think(random: Random): Promise<void>
  /** True when nobody else works on the order; then it is taken. */
  claim(order: string): boolean
  release(order: string): void
}

/** `waits`: for a child that others work on, or for the machine. `stuck`: nobody who was asked could go on. */
export type Result = 'ended' | 'waits' | 'stuck' | 'stopped'

/** An order as somebody sees it: what is allowed is meant for them. */
interface Seen {
  order: OrderView
  by: Player
}

/** Somebody who might do something about a task. */
interface Part {
  task: TaskView
  players: Player[]
}

const WAITS = 8
const TRIES = 6
/** A form is filled anew so often with what was refused. */
const FORM_TRIES = 3

export async function drive(office: Office, random: Random, id: string, depth = 0): Promise<Result> {
  let seen = await read(office, office.observer, id)
  let waits = 0
  let idle = 0
  while (!office.stop.aborted) {
    if (!seen) return 'stuck'
    const { order } = seen
    if (order.status === 'closed') {
      office.stats.end(id, `${order.process} ${order.end}`)
      return 'ended'
    }
    if (order.status === 'stopped') {
      office.stats.stuck(id, `stopped: ${order.stopped?.message ?? ''}`)
      return 'stuck'
    }
    const process = await office.process(order.process)
    const parts = partsOf(office.crew, process, order)
    if (parts.length === 0) {
      if (depth < 5 && (await driveChild(office, random, order, depth))) waits = 0
      else if (++waits > WAITS) return 'waits'
      else await sleep(100 * waits)
      seen = await read(office, office.observer, id)
      continue
    }
    waits = 0
    const after = await actOn(office, random, process, seen, oneOf(random, parts)!)
    if (after) idle = 0
    else if (++idle >= TRIES) {
      office.stats.stuck(id, parts.map(({ task }) => `${task.task} ${task.status}`).join(', '))
      return 'stuck'
    }
    seen = after ?? (await read(office, office.observer, id))
  }
  return 'stopped'
}

/** An open child that is free is taken on first. True when one has come to its end. */
async function driveChild(office: Office, random: Random, view: OrderView, depth: number): Promise<boolean> {
  const open = view.children.filter(({ status }) => status !== 'closed').map(({ id }) => id)
  const child = open.find((id) => office.claim(id))
  if (child === undefined) return false
  try {
    return (await drive(office, random, child, depth + 1)) === 'ended'
  } finally {
    office.release(child)
  }
}

/** Who could do something about each open task, the likeliest first. */
export function partsOf(crew: Crew, process: ProcessView, view: OrderView): Part[] {
  return openTasks(view).flatMap((task): Part[] => {
    const who = process.steps[task.step]?.who ?? []
    const asked = (one: { person: string | null; unit: string | null }) => {
      const named = one.person === null ? undefined : crew.player(one.person)
      if (named) return [named]
      return one.unit === null ? [] : crew.inUnit(one.unit, who)
    }
    const supervisors = crew.supervisors(view.region)
    if (task.status === 'automatic') return task.failed ? [{ task, players: crew.desk(null, view.region) }] : []
    if (task.status === 'child') return []
    if (task.parties.length > 0) {
      const due = task.parties.filter(({ answer, removedAt, askedAt }) => answer === null && removedAt === null && askedAt !== null)
      return due.map((party) => ({ task, players: asked(party) })).filter(({ players }) => players.length > 0)
    }
    const players =
      task.status === 'undispatched'
        ? crew.desk(task.queue, view.region)
        : task.suspendAsked
          ? supervisors
          : // Whoever waits for more time works on meanwhile.
            [...(task.extensionAsked ? supervisors.slice(0, 1) : []), ...asked(task), ...(task.suspended ? supervisors : [])]
    return players.length > 0 ? [{ task, players }] : []
  })
}

/** One action on the task, by the first who can. Answers the order as that person sees it then; nothing, when nobody could. */
async function actOn(office: Office, random: Random, process: ProcessView, seen: Seen, { task, players }: Part): Promise<Seen | undefined> {
  const { id } = seen.order
  const first = task.status === 'undispatched' || task.unit === null ? players.slice(0, 3) : someOf(random, players, 3)
  // Whoever has just looked need not look again.
  const asked = first.some((player) => player === seen.by) ? [seen.by, ...first.filter((player) => player !== seen.by)] : first
  for (const player of asked) {
    const now = player === seen.by ? seen : await read(office, player, id)
    if (!now) continue
    const open = openTasks(now.order).find((one) => one.task === task.task)
    // It has moved on meanwhile.
    if (!open) return now
    const choice = choose(random, now.order.allowed, { order: now.order, task: open, process, me: player.id }, office.habits)
    if (!choice) continue
    await office.think(random)
    const done = await act(office, random, { player, order: now.order, task: open, process, choice })
    return done ? read(office, player, id) : undefined
  }
  return undefined
}

/** What has been learned from being refused. */
interface Refused {
  wrong: Set<string>
  everything: boolean
  /** Resources that the order occupies, as the server has named them. */
  resources: readonly string[]
}

interface Act {
  player: Player
  order: OrderView
  task: TaskView
  process: ProcessView
  choice: Choice
}

/** Gives the command; what a form was refused for is filled in another way. True when it was accepted. */
async function act(office: Office, random: Random, given: Act): Promise<boolean> {
  const { player, order, choice } = given
  const session = office.crew.session(player)
  const refused: Refused = { wrong: new Set(), everything: false, resources: [] }
  const { wrong } = refused
  // Half of them act on what they have read, and are told when it has changed since.
  const version = random() < 0.5 ? order.version : undefined
  for (let attempt = 0; attempt < FORM_TRIES; attempt++) {
    const command = await commandFor(office, random, session, given, refused)
    if (!command) return false
    const rival = attempt === 0 ? compete(office, random, given) : undefined
    const answer = await session.post<unknown>(`/orders/${order.id}/commands`, command, office.key(), version)
    await rival
    if (answer.ok) {
      office.stats.did(choice.type, order.id)
      office.crew.worked(player)
      return true
    }
    office.stats.refused(answer.code)
    const fields = answer.fields.map((field) => field.replace(/^form\./, ''))
    if (choice.type === 'dispatch' || choice.type === 'reassign') wrong.add(String((command as { person?: string }).person))
    // The rule wants a fact that the form may give.
    else if (choice.type === 'complete' && answer.code === 'REQUIREMENT' && !refused.everything) refused.everything = true
    else if (choice.type === 'complete' && answer.code === 'RESOURCE_UNNAMED')
      refused.resources = [...(answer.detail ?? '').matchAll(/\(([^)]+)\)/g)].map(([, id]) => id!)
    else if (choice.type !== 'complete' || answer.status !== 422 || fields.length === 0) return false
    for (const field of fields) wrong.add(field)
  }
  return false
}

/** Now and then a colleague of the same unit reaches for the same task at the same moment; one of them is told that it is taken. */
async function compete(office: Office, random: Random, { player, order, task, choice }: Act): Promise<void> {
  if (choice.type !== 'accept' || task.unit === null || task.person !== null || random() >= 0.1) return
  const colleague = oneOf(
    random,
    office.crew.inUnit(task.unit, player.roles).filter(({ id }) => id !== player.id),
  )
  if (!colleague) return
  const session = office.crew.session(colleague)
  const answer: Answer<unknown> = await session.post(`/orders/${order.id}/commands`, { type: 'accept', task: task.task }, office.key())
  if (answer.ok) {
    office.stats.did('accept', order.id)
    office.crew.worked(colleague)
  } else office.stats.refused(answer.code)
}

const HALF_HOUR = 1_800_000

const parties = ['customer', 'vendor', 'own', 'third-party'] as const

async function commandFor(
  office: Office,
  random: Random,
  session: Session,
  { player, order, task, process, choice }: Act,
  { wrong, everything, resources }: Refused,
): Promise<object | undefined> {
  const reason = sentence(random)
  const step = process.steps[task.step] as { who?: string[] } | undefined
  switch (choice.type) {
    case 'accept':
    case 'resume':
    case 'grant-extension':
      return { type: choice.type, task: task.task }
    case 'urge':
      return { type: 'urge', task: task.task, note: reason }
    case 'comment':
      return { type: 'comment', task: task.task, text: reason }
    case 'refuse':
    case 'return':
    case 'deny-extension':
      return { type: choice.type, task: task.task, reason }
    case 'suspend':
      return { type: 'suspend', task: task.task, reason, party: oneOf(random, parties) }
    case 'ask-extension':
      return { type: 'ask-extension', task: task.task, clock: choice.clock, by: (1 + Math.floor(random() * 8)) * HALF_HOUR, reason }
    case 'sign':
      return { type: 'sign', task: task.task, party: choice.party, answer: choice.answer, opinion: reason }
    case 'dispatch':
    case 'reassign': {
      const not = new Set([...wrong, ...(choice.type === 'reassign' && task.person ? [task.person] : [])])
      const somebody = oneOf(
        random,
        office.crew.fitting(
          (step?.who ?? []).filter((role) => role !== 'system'),
          player,
          not,
        ),
      )
      return somebody && { type: choice.type, task: task.task, person: somebody.id, reason }
    }
    case 'complete': {
      const form = await fillForm(
        random,
        choice.form,
        {
          facts: order.facts,
          now: Date.now(),
          person: async () => oneOf(random, office.crew.fitting(rolesAfter(process, task.step), player)),
          customers: () => office.customers(player),
          resources: () => (resources.length > 0 ? Promise.resolve(resources) : office.resources(player)),
          products: () => office.products(player),
          agents: () => office.agents(player),
          file: () => attach(office, session, order.id, task.task),
        },
        { wrong, everything },
      )
      // The file names all of them.
      if (resources.length > 0) form.resources = resources
      return { type: 'complete', task: task.task, outcome: choice.outcome, ...(Object.keys(form).length > 0 && { form }) }
    }
  }
}

/** Roles of the steps that go to whom this step's form names. */
function rolesAfter(process: ProcessView, step: string): string[] {
  return Object.values(process.steps).flatMap((one) => ((one as { offerFrom?: string }).offerFrom === step ? one.who : []))
}

async function attach(office: Office, session: Session, order: string, task: string): Promise<string | undefined> {
  const form = new FormData()
  form.set('task', task)
  form.set('file', new Blob([`Report 报告\n${order} ${task}\n`], { type: 'text/plain' }), 'report.txt')
  const answer = await session.upload<{ id: string }>(`/orders/${order}/attachments`, form, office.key())
  if (!answer.ok) {
    office.stats.refused(answer.code)
    return undefined
  }
  office.stats.did('attach a file', order)
  return answer.body.id
}

/** The order as the person sees it; nothing where it is out of sight. */
async function read(office: Office, player: Player, id: string): Promise<Seen | undefined> {
  const answer = await office.crew.session(player).get<OrderView>(`/orders/${id}`)
  if (answer.ok) return { order: answer.body, by: player }
  if (answer.status !== 404) office.stats.refused(answer.code)
  return undefined
}
