import { z } from 'zod'
import { commandTypes } from '../../domain/order/command.ts'
import {
  answer,
  boolParam,
  fact,
  facts,
  field,
  form,
  id,
  instant,
  intParam,
  line,
  listParam,
  names,
  orderId,
  page,
  paging,
  title,
} from './common.ts'
import { trackLink } from './track.ts'
import { stays } from './tree.ts'
import { told } from './told.ts'

export const orderStatuses = ['open', 'withdrawing', 'closed', 'stopped'] as const

export const source = z.strictObject({
  channel: z.string().trim().min(1).max(60),
  number: z.string().trim().min(1).max(120),
})

export const startIn = z
  .strictObject({
    process: id,
    customerId: id.optional().meta({ description: "Left out where the process is the company's own work." }),
    title: line(200).trim().min(1),
    input: facts.default({}),
    priority: z.int().min(1).max(4).optional().meta({ description: '1 (highest) to 4. Default: by process and customer grade.' }),
    source: source.optional().meta({ description: 'Where it came from. The same number again answers with the order that exists.' }),
  })
  .meta({ id: 'StartOrder' })

export const started = answer
  .extend({ existing: z.boolean().meta({ description: 'An order of this source number was there already.' }) })
  .meta({ id: 'Started' })

export const orderParams = z.strictObject({ id: orderId })

export const listQuery = z.strictObject({
  ...paging,
  status: listParam(orderStatuses),
  process: id.optional(),
  customer: id.optional(),
  service: id.optional(),
  region: z.string().max(200).optional().meta({ description: 'This region and all below, for example /cn/js/nj.' }),
  unit: id.optional().meta({ description: 'Orders with an open task at this unit.' }),
  parent: orderId.optional(),
  q: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Number, source number, part of the title or of the customer name.' }),
  overdue: boolParam.meta({ description: 'With an open task past its limit (true), without one (false).' }),
  sort: z.enum(['-openedAt', 'openedAt', 'nextDueAt']).default('-openedAt'),
})

const customer = z.object({ id: z.string(), no: z.string(), name: title, grade: z.string() })

const openTask = z.object({
  task: z.string(),
  step: z.string(),
  status: z.string(),
  person: z.string().nullable(),
  unit: z.string().nullable(),
  queue: z.string().nullable(),
  dueAt: instant.nullable(),
})

export const orderSummary = z
  .object({
    id: z.string(),
    no: z.string().nullable(),
    process: z.string(),
    title: z.string(),
    status: z.enum(orderStatuses),
    end: z.string().nullable(),
    customer: customer.nullable().meta({ description: "None where the order is the company's own work." }),
    service: z.string().nullable(),
    region: z.string(),
    priority: z.int(),
    source: z.object({ channel: z.string(), number: z.string() }).nullable(),
    parent: z.string().nullable(),
    openedAt: instant,
    closedAt: instant.nullable(),
    nextDueAt: instant.nullable(),
    overdue: z.boolean(),
    version: z.int(),
    tasks: z.array(openTask).meta({ description: 'Open tasks.' }),
  })
  .meta({ id: 'OrderSummary' })

export const orderList = z.object({ items: z.array(orderSummary), names, page })

const party = z.object({
  party: z.string(),
  title: title.nullable(),
  roles: z.array(z.string()),
  mandatory: z.boolean(),
  unit: z.string().nullable(),
  person: z.string().nullable(),
  answer: z.string().nullable(),
  opinion: z.string().nullable(),
  signedBy: z.string().nullable(),
  signedFor: z.string().nullable(),
  askedAt: instant.nullable(),
  signedAt: instant.nullable(),
  removedAt: instant.nullable(),
})

export const task = z
  .object({
    task: z.string(),
    step: z.string(),
    title,
    key: z.string().nullable(),
    n: z.int(),
    status: z.string(),
    unit: z.string().nullable(),
    person: z.string().nullable(),
    absent: z.string().nullable(),
    queue: z.string().nullable(),
    openedAt: instant,
    acceptedAt: instant.nullable(),
    closedAt: instant.nullable(),
    outcome: z.string().nullable(),
    form: facts.nullable(),
    note: z.string().nullable(),
    doneBy: z.string().nullable(),
    doneFor: z.string().nullable(),
    dueAt: instant.nullable(),
    breachedAt: instant.nullable(),
    refusals: z.int(),
    advice: z.unknown().optional(),
    suspended: z.object({ reason: z.string(), party: z.string(), until: instant.nullable() }).nullable(),
    suspendAsked: z.object({ reason: z.string(), party: z.string(), until: instant.nullable(), by: z.string() }).nullable(),
    extensionAsked: z
      .object({ clock: z.string(), moreMs: z.number(), reason: z.string(), by: z.string() })
      .nullable()
      .meta({ description: 'More time is asked for, in working milliseconds of that clock.' }),
    failed: z.object({ message: z.string(), times: z.int() }).nullable(),
    child: z.string().nullable(),
    parties: z.array(party),
  })
  .meta({ id: 'Task' })

export const clock = z
  .object({
    clock: z.string(),
    task: z.string().nullable(),
    kind: z.string(),
    calendar: z.string(),
    budgetMs: z.number(),
    usedMs: z.number(),
    startedAt: instant,
    dueAt: instant,
    pausedAt: instant.nullable(),
    pauseParty: z.string().nullable(),
    pauseReason: z.string().nullable(),
    pausedUntil: instant.nullable(),
    stoppedAt: instant.nullable(),
    overdue: z.boolean(),
    mark: z.string(),
    policy: z.string(),
    ladder: z.string(),
    provisional: z.boolean(),
  })
  .meta({ id: 'Clock' })

const link = z.object({ id: z.string(), no: z.string().nullable(), process: z.string(), status: z.string(), end: z.string().nullable() })

export const allowed = z
  .object({
    command: z.enum(commandTypes),
    task: z.string().optional(),
    outcomes: z.array(z.object({ id: z.string(), form })).optional(),
    parties: z.array(z.object({ id: z.string(), answers: z.array(z.string()) })).optional(),
    clocks: z.array(z.string()).optional(),
    facts: z.array(z.string()).optional().meta({ description: 'Facts that `amend` may change.' }),
  })
  .meta({ id: 'Allowed', description: 'A command that the caller could give now.' })

export const attachment = z
  .object({
    id: z.string(),
    order: z.string(),
    task: z.string().nullable(),
    name: z.string(),
    mime: z.string(),
    size: z.int(),
    sha256: z.string(),
    version: z.int().nullable().meta({ description: 'Version of the document that the task drew up or looked at when the file came.' }),
    uploadedBy: z.string(),
    uploadedAt: instant,
  })
  .meta({ id: 'Attachment' })

export const orderDetail = orderSummary
  .omit({ tasks: true, customer: true, service: true, parent: true })
  .extend({
    customer: customer.extend({ address: z.string().nullable(), accountManager: z.string().nullable() }).nullable(),
    service: z
      .object({
        id: z.string(),
        no: z.string(),
        product: z.string(),
        productName: title,
        site: title.nullable(),
        circuitGrade: z.string().nullable(),
      })
      .nullable(),
    contract: z.object({ id: z.string(), no: z.string(), title: z.string(), status: z.string() }).nullable(),
    startedBy: z.string().nullable(),
    responsible: z.string().nullable(),
    facts: z.record(z.string(), fact),
    stopped: z.object({ code: z.string(), message: z.string() }).nullable(),
    hash: z.string().meta({ description: 'Hash of the latest event.' }),
    tasks: z.array(task),
    clocks: z.array(clock),
    rungs: z.array(
      z.object({ clock: z.string(), pct: z.int(), dueAt: instant, firedAt: instant, lateMs: z.number(), settledAt: instant.nullable() }),
    ),
    children: z.array(link.extend({ key: z.string() })),
    links: z.object({ parent: link.nullable(), continues: link.nullable(), continuedAs: link.nullable() }),
    attachments: z.array(attachment),
    compensations: z.array(
      z.object({
        n: z.int(),
        amount: z.number(),
        basis: z.string(),
        state: z.string(),
        clause: z.string().nullable(),
        agreementOrder: z.string().nullable(),
      }),
    ),
    stays: z.array(stays),
    released: z.string().nullable().meta({ description: 'End that a waiting parent has been told already; the order goes on beside it.' }),
    promise: instant.nullable().meta({ description: 'When it is promised to be done, or was last; /promise says why.' }),
    amendable: z
      .array(z.object({ fact: z.string(), field, value: fact.nullable(), step: z.string() }))
      .meta({ description: 'Facts that a supervisor may `amend`, and the step from which the order would go on anew.' }),
    tracking: z
      .array(trackLink)
      .meta({ description: 'Links that show the order to its customer. They come and go without a new version.' }),
    allowed: z.array(allowed),
    names,
  })
  .meta({ id: 'Order' })

export const event = z
  .object({
    seq: z.int(),
    move: z.int().meta({ description: 'Number of the last event of the same move.' }),
    type: z.string(),
    at: instant,
    actor: z.object({ kind: z.string(), id: z.string(), for: z.string().optional() }),
    data: z.record(z.string(), z.unknown()),
    command: z.string().nullable(),
    prevHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'Event', description: 'One fact of the history. Each hash covers the event and the hash before it.' })

export const eventsQuery = z.strictObject({
  limit: intParam(1, 500, 100),
  cursor: paging.cursor,
  sort: z.enum(['seq', '-seq']).default('seq').meta({ description: 'The oldest or the latest first.' }),
})

const historyNames = names.meta({
  description:
    "Names of people, units and customers that it mentions, and of what is the order's: services, contracts, other orders; by id.",
})

export const eventList = z.object({ items: z.array(event), names: historyNames, page })

export const atQuery = z
  .strictObject({
    seq: z
      .string()
      .regex(/^\d{1,9}$/, told('须为整数', 'a whole number'))
      .transform(Number)
      .optional()
      .meta({ type: 'integer', description: 'Number of the event after which.' }),
    time: z.iso.datetime({ offset: true }).optional().meta({ description: 'Instant at which.' }),
  })
  .refine(({ seq, time }) => (seq === undefined) !== (time === undefined), told('seq 与 time 填其一', 'give either seq or time', ['seq']))

export const stateAt = z
  .object({
    order: z.string(),
    seq: z.int(),
    at: instant,
    hash: z.string(),
    state: z.record(z.string(), z.unknown()),
    names: historyNames,
  })
  .meta({ id: 'StateAt' })

const difference = {
  of: z.string().meta({ description: 'Number of an event; name of a task, a signature, a clock, a rung; else the order.' }),
  field: z.string().meta({ description: 'Empty where a whole row is missing, or is one too many.' }),
  told: z.unknown().meta({ description: 'What the history leads to.' }),
  kept: z.unknown().meta({ description: 'What the record holds.' }),
}

const verdict = {
  order: z.string(),
  events: z.int(),
  head: z.string().meta({ description: 'Hash of the last event.' }),
  ok: z.boolean(),
  chain: z.object(difference).nullable().meta({ description: 'First event that does not follow from the one before.' }),
  rows: z
    .object({ table: z.string(), ...difference })
    .nullable()
    .meta({ description: 'First row that is not what the events tell.' }),
  body: z.string().nullable().meta({ description: 'Where the process of today does not lead to where the record stands.' }),
}

export const verification = z.object(verdict).meta({ id: 'Verdict' })

export const keptVerification = z
  .object({
    ...verdict,
    id: z.string(),
    at: instant,
    by: z.string(),
    engine: z
      .object({
        state: z.enum(['same', 'differs', 'missing']),
        source: z.enum(['engine', 'archive']).optional(),
        runs: z.int().optional(),
        events: z.int().optional().meta({ description: 'Events of the record that the history covers.' }),
        difference: z.object(difference).optional().meta({ description: 'First place where the record is not what the history says.' }),
        codes: z
          .array(
            z.object({
              bundle: z.string().meta({ description: 'SHA-256 of the workflow code.' }),
              version: z.string(),
              today: z.boolean().meta({ description: "The worker's own; else the code that the order ran with, as it was stored." }),
              same: z.boolean().meta({ description: 'It makes the same moves again.' }),
              difference: z.object(difference).optional().meta({ description: 'First event that it makes otherwise.' }),
              message: z.string().optional(),
            }),
          )
          .optional(),
        message: z.string().optional(),
      })
      .nullable()
      .meta({ description: "Replay of the engine's history; null until it is done." }),
  })
  .meta({ id: 'Verification' })

export const verificationParams = orderParams.extend({ verification: z.string().regex(/^[1-9]\d{0,17}$/) })

export const verificationList = z.object({ items: z.array(keptVerification), names }).meta({ id: 'VerificationList' })
