/** The customer's page of an order. Who has its address needs no login, and learns nothing of ours. */
import { z } from 'zod'
import { askedByTask } from '../../domain/order/track.ts'
import { refusalCodes } from '../../domain/order/refusal.ts'
import type { Task } from '../../domain/order/state.ts'
import { receiveFile } from '../attachments/receive.ts'
import { storeFile } from '../attachments/store.ts'
import { EngineLate } from '../engine-errors.ts'
import { once } from '../http/idempotency.ts'
import { type Ctx, operation, type Reply } from '../http/operation.ts'
import { give } from '../orders/command.ts'
import { customerGiver, customerName } from '../orders/customer.ts'
import { Problem, wrongField } from '../problem.ts'
import type { ProblemCode } from '../problem-codes.ts'
import { rows, sql } from '../queries/sql.ts'
import { type Link, linkOf, showsOrder, trackOf } from '../queries/track.ts'
import { answer, id, orderId } from '../schemas/common.ts'
import { pending } from '../schemas/command.ts'
import { track, trackCommand, trackFile, trackParams } from '../schemas/track.ts'
import { fileProblems } from './attachments.ts'
import { API } from './orders.ts'

/** What is unknown, revoked and expired looks the same. @throws Problem NOT_FOUND */
async function requireLink({ deps, now }: Pick<Ctx, 'deps' | 'now'>, token: string): Promise<Link> {
  const link = await linkOf(deps.pool, token, now)
  if (!link) throw new Problem('NOT_FOUND')
  return link
}

/** The order that is meant, as far as the page shows it. @throws Problem NOT_FOUND */
async function requireShown({ deps }: Pick<Ctx, 'deps'>, link: Link, order: string): Promise<string> {
  if (!(await showsOrder(deps.pool, link, order))) throw new Problem('NOT_FOUND')
  return order
}

const fields = z.strictObject({ order: orderId.optional(), task: id })

const upload = z.object({
  file: z.string().meta({ format: 'binary', description: 'At most 20 MB: PDF, PNG, JPEG, WebP, Office, text, CSV.' }),
  task: z.string().meta({ description: 'Of `asked`.' }),
  order: z.string().optional().meta({ description: 'Of `asked`; without, the order of the page.' }),
})

export const trackOperations = [
  operation({
    id: 'track',
    method: 'get',
    path: '/track/{token}',
    tag: "Customer's page",
    summary: "An order in its customer's words: how far it is, what was promised, what is asked of him",
    public: true,
    params: trackParams,
    answers: { 200: { description: 'As it is now.', schema: track } },
    problems: ['TOO_MANY_ATTEMPTS'],
    async handle(ctx) {
      const { deps, params } = ctx
      const link = await requireLink(ctx, params.token)
      const body = await trackOf(deps.pool, link.order, deps.catalogue.spec)
      if (!body) throw new Problem('NOT_FOUND')
      return { status: 200, body }
    },
  }),
  operation({
    id: 'trackCommand',
    method: 'post',
    path: '/track/{token}/commands',
    tag: "Customer's page",
    summary: 'Answer what is asked, or say something',
    description: 'Decided by the order itself, like the commands of everybody else.',
    public: true,
    params: trackParams,
    body: trackCommand,
    answers: {
      200: { description: 'Done and recorded; with Idempotent-Replayed, before.', schema: answer, headers: ['Idempotent-Replayed'] },
      202: {
        description: 'Sent, but not recorded in time: repeat the request with the same Idempotency-Key; it takes effect once.',
        schema: pending,
        headers: ['Retry-After'],
      },
    },
    problems: [
      ...(Object.keys(refusalCodes) as ProblemCode[]),
      'UNKNOWN_REFERENCE',
      'TOO_MANY_ATTEMPTS',
      'ENGINE_UNAVAILABLE',
      'ENGINE_ORDER_MISSING',
    ],
    async handle(ctx): Promise<Reply> {
      const { deps, params, body, key, now } = ctx
      const link = await requireLink(ctx, params.token)
      const { order: named = link.order, ...command } = body
      const order = await requireShown(ctx, link, named)
      try {
        const { seq, replayed } = await give(deps, customerGiver(deps, link, now), { order, key, body: command, expect: undefined })
        return { status: 200, body: { order, seq }, ...(replayed && { headers: { 'Idempotent-Replayed': 'true' } }) }
      } catch (error) {
        if (!(error instanceof EngineLate)) throw error
        return { status: 202, body: { order, location: `${API}/track/${params.token}` }, headers: { 'Retry-After': '2' } }
      }
    },
  }),
  operation({
    id: 'trackAttach',
    method: 'post',
    path: '/track/{token}/attachments',
    tag: "Customer's page",
    summary: 'Send a file with what is asked',
    description: 'Streamed; its type is told by its content. A form field of type `file` then takes the id.',
    public: true,
    params: trackParams,
    upload: { type: 'multipart/form-data', schema: upload },
    answers: {
      201: { description: 'Attached.', schema: trackFile },
      200: { description: 'Had been attached by the same request before.', schema: trackFile },
    },
    problems: [...fileProblems, 'NO_SUCH_TASK', 'TOO_MANY_ATTEMPTS'],
    async handle(ctx) {
      const { deps, req, params, key, now } = ctx
      const link = await requireLink(ctx, params.token)
      const received = await receiveFile(req, deps.config.ATTACHMENTS_DIR)
      const parsed = fields.safeParse(received.fields)
      if (!parsed.success)
        throw wrongField('task', 'INVALID', {
          zh: '文件之外须有所询问任务的 task 及其 order',
          en: 'beside the file: "task", of what is asked, and its "order"',
        })
      const { task } = parsed.data
      const order = await requireShown(ctx, link, parsed.data.order ?? link.order)
      const by = customerName(link)
      const { name, sha256 } = received
      const request = { principal: by, key, route: 'trackAttach', content: { order, task, name, sha256 }, now }
      return once(deps.pool, request, async (client) => {
        // The row is held until the file is in, so that the task is not answered over it.
        const [found] = await rows<{ process: string; status: string; task: Task | null }>(
          client,
          sql`SELECT o.process, o.status, o.state -> 'tasks' -> ${task}::text AS task FROM orders o WHERE o.id = ${order} FOR SHARE`,
        )
        const spec = found && deps.catalogue.spec(found.process)
        const asked = found?.status === 'open' && found.task && spec ? askedByTask(spec, found.task) : []
        if (asked.length === 0) throw new Problem('NO_SUCH_TASK', { field: 'task' })
        const file = await storeFile(client, received, { order, task, by, now })
        return { status: 201, body: { id: file.id, order, task, name: file.name, mime: file.mime, size: file.size } }
      })
    },
  }),
]
