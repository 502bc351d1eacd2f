/** What people ask of an order, as it comes in. One strict object for each command of domain/order/command.ts. */
import { z } from 'zod'
import { LONG_TEXT, boolParam, facts, id, instant, instantIn, line, orderId } from './common.ts'

const task = id.meta({ description: 'Id of an open task, for example `repair-fault.1`.' })
const reason = line(400)
const clock = id.or(z.string().max(200))
/** A clock so long that its calendar ends before it could not be planned. */
const MOST_MS = 366 * 86_400_000
const by = z.int().max(MOST_MS).meta({ description: 'Working milliseconds.' })
const target = { unit: id.optional(), person: id.optional() }

const of = <const T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape })

export const command = z
  .discriminatedUnion('type', [
    of('dispatch', { task, ...target, reason: reason.optional() }),
    of('accept', { task }),
    of('refuse', { task, reason }),
    of('complete', { task, outcome: id, form: facts.optional(), note: line(LONG_TEXT).optional() }),
    of('return', { task, reason }),
    of('reassign', { task, ...target, reason }),
    of('suspend', { task, reason, party: z.enum(['customer', 'vendor', 'own', 'third-party']), until: instantIn.optional() }),
    of('resume', { task, reason: reason.optional() }),
    of('urge', { task: task.optional(), note: line(LONG_TEXT).optional() }),
    of('comment', {
      text: line(LONG_TEXT),
      task: task.optional(),
      told: z.literal('customer').optional(),
      mentions: z.array(id).max(10).optional().meta({ description: 'People who are told of it.' }),
    }),
    of('set-priority', { priority: z.int(), reason: reason.optional() }),
    of('sign', { task, party: id, answer: id, opinion: line(LONG_TEXT).optional() }),
    of('add-signer', {
      task,
      party: id,
      roles: z.array(z.string().max(60)).max(10).default([]),
      person: id.optional(),
      mandatory: z.boolean().optional(),
    }),
    of('remove-signer', { task, party: id, reason }),
    of('withdraw', { reason }),
    of('extend', { clock, by, reason }),
    of('ask-extension', { task, clock, by, reason }),
    of('grant-extension', { task }),
    of('deny-extension', { task, reason }),
    of('raise', { reason }),
    of('amend', {
      facts: facts.meta({ description: 'What the customer wants now; the order goes on anew from the step concerned.' }),
      reason,
    }),
  ])
  .meta({ id: 'Command' })

export type CommandIn = z.output<typeof command>

export const commandQuery = z.strictObject({
  preview: boolParam.meta({ description: 'Only tell what the command would do: nothing changes, and the Idempotency-Key stays unused.' }),
})

/** Longest id of a command: an Idempotency-Key, and for one of many the place among them. */
const BULK_KEY = 132

export const commandParams = z.strictObject({ id: orderId, command: z.string().min(1).max(BULK_KEY) })

export const recordedCommand = z
  .object({ order: z.string(), command: z.string(), seq: z.int(), at: instant })
  .meta({ id: 'RecordedCommand' })

export const pending = z.object({ order: z.string(), location: z.string() }).meta({
  id: 'Pending',
  description: 'Sent, but not recorded in time: ask at `location`, or send the request again with the same Idempotency-Key.',
})
