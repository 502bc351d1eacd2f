/** Orders that belong together, and what a command would do to them. */
import { z } from 'zod'
import { instant, names, title } from './common.ts'

const nodeTask = z.object({
  task: z.string(),
  step: z.string(),
  title,
  status: z.string(),
  person: z.string().nullable(),
  unit: z.string().nullable(),
  dueAt: instant.nullable(),
})

const nodeClock = z.object({
  clock: z.string(),
  task: z.string().nullable(),
  dueAt: instant,
  nextRung: z.object({ pct: z.int(), at: instant }).nullable().meta({ description: 'Null where none is left, and while it is paused.' }),
  paused: z.boolean(),
  breached: z.boolean(),
})

export const treeNode = z
  .object({
    id: z.string(),
    no: z.string().nullable(),
    process: z.string(),
    title: z.string(),
    status: z.string(),
    end: z.string().nullable(),
    parent: z.string().nullable().meta({ description: 'The node that it hangs on; null at the top, and where that one is out of sight.' }),
    relation: z
      .enum(['child', 'continued', 'started'])
      .nullable()
      .meta({ description: 'child: the parent waits for it. continued: it goes on with the data of one that ended. started: beside it.' }),
    key: z.string().nullable().meta({ description: "The parent's step or key that waits for it." }),
    openedAt: instant,
    closedAt: instant.nullable(),
    version: z.int(),
    tasks: z.array(nodeTask).meta({ description: 'Open tasks.' }),
    clocks: z.array(nodeClock).meta({ description: 'Clocks that have not stopped, the nearest first.' }),
  })
  .meta({ id: 'TreeNode' })

export const tree = z
  .object({
    order: z.string().meta({ description: 'The order that was asked for.' }),
    nodes: z.array(treeNode).meta({ description: 'What the caller may see of the whole tree, from the top down.' }),
    truncated: z.boolean().meta({ description: 'There are more than are listed.' }),
    names,
  })
  .meta({ id: 'Tree' })

const orderRef = { order: z.string(), no: z.string().nullable(), process: z.string() }

export const stays = z
  .object({
    order: z.string(),
    process: z.string(),
    step: z.string(),
    title,
    outcome: z.string(),
    outcomeTitle: title,
  })
  .meta({ id: 'Stays', description: 'What was done and cannot be undone.' })

const withdrawal = z
  .object({
    closes: z
      .array(z.object({ ...orderRef, tasks: z.array(z.object({ task: z.string(), step: z.string(), title })) }))
      .meta({ description: 'Orders that close, with the tasks that are cancelled.' }),
    undone: z
      .array(z.object({ order: z.string(), effect: z.string(), title, after: z.string().nullable() }))
      .meta({ description: 'The latest first. `after`: the order that goes on to its own end before.' }),
    stays: z.array(stays),
    goesOn: z
      .array(z.object({ ...orderRef, parent: z.string(), why: z.enum(['irreversible', 'released']) }))
      .meta({ description: 'Orders under it that go on to their end.' }),
    agree: z
      .object({ anySupervisor: z.boolean(), roles: z.array(z.object({ role: z.string(), title })) })
      .meta({ description: 'Who must agree: any supervisor, or somebody in one of these roles.' }),
  })
  .meta({ id: 'Withdrawal' })

export const preview = z
  .object({
    order: z.string(),
    seq: z.int().meta({ description: 'Version of the order that was looked at.' }),
    allowed: z
      .boolean()
      .meta({ description: 'False only for a withdrawal to which somebody else must agree; any other refusal is a problem.' }),
    effects: z
      .array(z.object({ type: z.string(), task: z.string().optional(), outcome: z.string().optional(), clock: z.string().optional() }))
      .meta({ description: 'Events that the command itself makes; what the process does next follows from them.' }),
    withdrawal: withdrawal.optional(),
  })
  .meta({ id: 'Preview', description: 'What a command would do now. Nothing has changed.' })
