/** One order with everything that belongs to it, as it was at one version. */
import type { Allowed } from '../../domain/order/allowed.ts'
import { PROMISE } from '../../domain/order/clocks.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { OrderState, Task as OpenTask } from '../../domain/order/state.ts'
import type { Deps } from '../deps.ts'
import { resolveTexts } from '../orders/texts.ts'
import { staysOf } from '../orders/withdrawal.ts'
import { namesOf } from './names.ts'
import { type FoundOrder, readOrder } from './order-row.ts'
import { rows, sql } from './sql.ts'
import { linksOf } from './track.ts'
import type { Principal } from '../auth/principal.ts'
import { involved } from '../auth/ability.ts'

/** Region, version and involvement of an order: enough to decide whether it is in sight. */
export async function orderInSight(
  { pool }: Pick<Deps, 'pool'>,
  principal: Principal,
  order: string,
): Promise<{ regionPath: string; involved: boolean; version: number } | undefined> {
  const [found] = await rows<{ region_path: string; seq: number; involved: boolean }>(
    pool,
    sql`SELECT o.region_path, o.seq, ${involved(principal)} AS involved FROM orders o WHERE o.id = ${order}`,
  )
  return found && { regionPath: found.region_path, involved: found.involved, version: found.seq }
}

/** What the caller sees of an order. `offer` says which commands the caller could give in a state; `now` decides what is overdue. */
export async function orderDetail(
  deps: Pick<Deps, 'pool'>,
  id: string,
  {
    specOf,
    offer,
    now,
  }: {
    specOf: (process: string) => ProcessSpec | undefined
    offer: (spec: ProcessSpec, state: OrderState) => Promise<Allowed[]>
    now: Date
  },
) {
  const found = await readOrder(deps.pool, id)
  if (!found) return undefined
  const { order: row, state, tasks, signatures } = found
  const spec = specOf(row.process)
  if (!spec) throw new Error(`order ${id} has the unknown process ${row.process}`)
  const others = new Map(found.relatives.map((other) => [other.id, other]))
  const texts = await resolveTexts(deps.pool, {
    facts: state.facts,
    tasks: tasks.map(({ note, form }) => ({ note, form })),
    opinions: signatures.map(({ opinion }) => opinion),
  })
  const mentioned = [
    row.startedBy,
    row.responsibleId,
    found.customer?.accountManagerId,
    ...tasks.flatMap((task) => [task.personId, task.unitId, task.absentId, task.doneBy, task.doneFor]),
    ...signatures.flatMap((party) => [party.personId, party.unitId, party.signedBy, party.signedFor]),
    ...found.attachments.map(({ uploadedBy }) => uploadedBy),
  ]
  const [names, tracking] = await Promise.all([namesOf(deps.pool, mentioned), linksOf(deps.pool, id, now)])
  const signed = signatures.map((party, i) => ({ ...party, opinion: texts.opinions[i] ?? null }))
  return {
    ...head(found, now),
    tasks: tasks.map((task, i) => taskOf(spec, { ...task, ...texts.tasks[i]! }, state.tasks[task.task], signed)),
    facts: texts.facts,
    links: {
      parent: others.get(row.parentId ?? '') ?? null,
      continues: others.get(row.continuedFrom ?? '') ?? null,
      continuedAs: others.get(state.next ?? row.continuedAs ?? '') ?? null,
    },
    children: Object.entries(state.children).map(([child, { key, process, end }]) => {
      const started = others.get(child)
      return { id: child, no: started?.no ?? null, process, status: started?.status ?? 'starting', end: started?.end ?? end ?? null, key }
    }),
    stays: staysOf(state.stays ?? [], specOf),
    released: state.released ?? null,
    promise: iso(found.clocks.find(({ clock }) => clock === PROMISE)?.dueAt ?? null),
    amendable: amendableOf(spec, state, texts.facts),
    tracking: tracking.filter(({ active }) => active),
    allowed: await offer(spec, state),
    names,
  }
}

/** Facts that a supervisor may change in flight, as they are now, and the step from which the order would go on anew. */
const amendableOf = (spec: ProcessSpec, { status, irreversible }: OrderState, facts: OrderState['facts']) =>
  status === 'open' && !irreversible
    ? Object.entries(spec.amend ?? {}).map(([fact, step]) => ({ fact, field: spec.input[fact]!, value: facts[fact] ?? null, step }))
    : []

/** An instant as the database writes it in JSON, in UTC. */
function iso<T extends string | null>(text: T): T {
  return (text === null ? null : new Date(text).toISOString()) as T
}

const named = (of: { nameEn: string; nameZh: string }) => ({ en: of.nameEn, zh: of.nameZh })

function head({ order: row, state, customer, service, product, site, contract, tasks, ...found }: FoundOrder, now: Date) {
  const past = (instant: string | null, then: string | null = null) =>
    instant !== null && Date.parse(instant) < (then === null ? now.getTime() : Date.parse(then))
  return {
    id: row.id,
    no: row.no,
    process: row.process,
    title: row.title,
    status: row.status,
    end: row.end,
    customer: customer && {
      id: customer.id,
      no: customer.no,
      name: named(customer),
      grade: row.grade ?? customer.grade,
      address: customer.address,
      accountManager: customer.accountManagerId,
    },
    service: service &&
      product && {
        id: service.id,
        no: service.no,
        product: service.productId,
        productName: named(product),
        site: site && named(site),
        circuitGrade: service.circuitGrade,
      },
    contract: contract && { id: contract.id, no: contract.no, title: contract.title, status: contract.status },
    region: row.regionPath,
    priority: row.priority,
    source: row.sourceChannel !== null && row.sourceNo !== null ? { channel: row.sourceChannel, number: row.sourceNo } : null,
    startedBy: row.startedBy,
    responsible: row.responsibleId,
    openedAt: iso(row.openedAt),
    closedAt: iso(row.closedAt),
    nextDueAt: iso(row.nextDueAt),
    overdue: tasks.some((task) => task.closedAt === null && past(task.dueAt)),
    version: row.seq,
    hash: row.hash,
    stopped: state.stopped ?? null,
    clocks: found.clocks.map((clock) => ({
      clock: clock.clock,
      task: clock.task,
      kind: clock.kind,
      calendar: clock.calendar,
      budgetMs: Number(clock.budgetMs),
      usedMs: Number(clock.usedMs),
      startedAt: iso(clock.startedAt),
      dueAt: iso(clock.dueAt),
      pausedAt: iso(clock.pausedAt),
      pauseParty: clock.pauseParty,
      pauseReason: clock.pauseReason,
      pausedUntil: iso(clock.pausedUntil),
      stoppedAt: iso(clock.stoppedAt),
      overdue: clock.pausedAt === null && past(clock.dueAt, clock.stoppedAt),
      mark: clock.mark,
      policy: clock.policy,
      ladder: clock.ladder,
      provisional: clock.provisional,
    })),
    rungs: found.rungs.map((rung) => ({
      clock: rung.clock,
      pct: rung.pct,
      dueAt: iso(rung.dueAt),
      firedAt: iso(rung.firedAt),
      lateMs: Number(rung.lateMs),
      settledAt: iso(rung.settledAt),
    })),
    attachments: found.attachments.map(attachmentOf),
    compensations: found.compensations.map((one) => ({
      n: one.n,
      amount: Number(one.amount),
      basis: one.basis,
      state: one.state,
      clause: one.clause,
      agreementOrder: one.agreementOrderId,
    })),
  }
}

type TaskRow = FoundOrder['tasks'][number]
type PartyRow = FoundOrder['signatures'][number]

function taskOf(spec: ProcessSpec, task: TaskRow, open: OpenTask | undefined, signatures: readonly PartyRow[]) {
  return {
    task: task.task,
    step: task.step,
    title: spec.steps[task.step]?.title ?? { en: task.step, zh: task.step },
    key: task.key,
    n: task.n,
    status: task.status,
    unit: task.unitId,
    person: task.personId,
    absent: task.absentId,
    queue: task.queue,
    openedAt: iso(task.openedAt),
    acceptedAt: iso(task.acceptedAt),
    closedAt: iso(task.closedAt),
    outcome: task.outcome,
    form: task.form,
    note: task.note,
    doneBy: task.doneBy,
    doneFor: task.doneFor,
    dueAt: iso(task.dueAt),
    breachedAt: iso(task.breachedAt),
    refusals: task.refusals,
    ...(task.advice !== null && { advice: task.advice }),
    suspended: open?.suspended ? pause(open.suspended) : null,
    suspendAsked: open?.suspendAsked ? { ...pause(open.suspendAsked), by: open.suspendAsked.by } : null,
    extensionAsked: open?.extensionAsked ? extension(open.extensionAsked) : null,
    failed: open?.failed ?? null,
    child: open?.child ?? null,
    parties: signatures.filter((party) => party.task === task.task).map(partyOf),
  }
}

export const pause = ({ reason, party, until }: { reason: string; party: string; until?: number }) => ({
  reason,
  party,
  until: until === undefined ? null : new Date(until).toISOString(),
})

export const extension = ({ clock, more, reason, by }: NonNullable<OpenTask['extensionAsked']>) => ({ clock, moreMs: more, reason, by })

const partyOf = (party: PartyRow) => ({
  party: party.party,
  title: party.titleEn !== null && party.titleZh !== null ? { en: party.titleEn, zh: party.titleZh } : null,
  roles: party.roles,
  mandatory: party.mandatory,
  unit: party.unitId,
  person: party.personId,
  answer: party.answer,
  opinion: party.opinion,
  signedBy: party.signedBy,
  signedFor: party.signedFor,
  askedAt: iso(party.askedAt),
  signedAt: iso(party.signedAt),
  removedAt: iso(party.removedAt),
})

export const attachmentOf = (file: FoundOrder['attachments'][number]) => ({
  id: file.id,
  order: file.orderId,
  task: file.task,
  name: file.name,
  mime: file.mime,
  size: file.size,
  sha256: file.sha256,
  version: file.version,
  uploadedBy: file.uploadedBy,
  uploadedAt: iso(file.uploadedAt),
})
