import { resolve } from 'node:path'
import { z } from 'zod'
import { receiveFile } from '../attachments/receive.ts'
import { storeFile } from '../attachments/store.ts'
import { once } from '../http/idempotency.ts'
import { operation } from '../http/operation.ts'
import { Problem, wrongField } from '../problem.ts'
import { type AttachmentRow, filesOf } from '../queries/attachments.ts'
import { rows, sql } from '../queries/sql.ts'
import { id } from '../schemas/common.ts'
import { attachment, orderParams } from '../schemas/order.ts'
import { requireInSight } from './orders.ts'
import { told } from '../schemas/told.ts'

const fileParams = z.strictObject({ id, file: id })

const fields = z.strictObject({ task: id.optional() })

const listQuery = z.strictObject({
  task: id.optional(),
  version: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, told('须为从 1 起的整数', 'a whole number from 1'))
    .transform(Number)
    .optional()
    .meta({ type: 'integer', minimum: 1, description: 'Of the document that the order draws up.' }),
})

const upload = z.object({
  file: z.string().meta({ format: 'binary', description: 'At most 20 MB: PDF, PNG, JPEG, WebP, Office, text, CSV.' }),
  task: z
    .string()
    .optional()
    .meta({ description: 'The task that it belongs to, and with it the version of the document that the task is about.' }),
})

/** What may be wrong with a file and the request that brings it. */
export const fileProblems = [
  'FILE_REQUIRED',
  'FILE_TOO_LARGE',
  'FILE_EMPTY',
  'FILE_TYPE_NOT_ALLOWED',
  'FILE_NAME_MISMATCH',
  'UNSUPPORTED_MEDIA_TYPE',
  'MALFORMED_REQUEST',
  'VALIDATION_FAILED',
] as const

export const attachmentOperations = [
  operation({
    id: 'attachFile',
    method: 'post',
    path: '/orders/{id}/attachments',
    tag: 'Files',
    summary: 'Attach a file to an order',
    description: 'Streamed; its type is told by its content. A form field of type `file` then takes the id.',
    params: orderParams,
    upload: { type: 'multipart/form-data', schema: upload },
    answers: {
      201: { description: 'Attached.', schema: attachment, headers: ['Location'] },
      200: { description: 'Had been attached by the same request before.', schema: attachment },
    },
    problems: [...fileProblems, 'NO_SUCH_TASK', 'ORDER_CLOSED', 'NOT_ALLOWED', 'IDEMPOTENCY_MISMATCH'],
    async handle(ctx) {
      const { deps, req, principal, ability, params, key, now } = ctx
      await requireInSight(ctx, params.id)
      if (!ability.can('attach', 'Order'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '您的角色不能上传附件', en: 'your roles do not let you attach files' } })
      const received = await receiveFile(req, deps.config.ATTACHMENTS_DIR)
      const parsed = fields.safeParse(received.fields)
      if (!parsed.success)
        throw wrongField('task', 'INVALID', {
          zh: '文件之外只能有 task 字段，即环节任务的编号',
          en: 'the only other field is "task", the id of a task',
        })
      const task = parsed.data.task ?? null
      const { name, sha256 } = received
      const content = { order: params.id, task, name, sha256 }
      return once(deps.pool, { principal: principal.id, key, route: 'attachFile', content, now }, async (client) => {
        // The row is held until the file is in, so that an order does not close over it.
        const [order] = await rows<{ status: string; has: boolean }>(
          client,
          sql`SELECT status, ${task}::text IS NULL OR EXISTS (SELECT 1 FROM task t WHERE t.order_id = o.id AND t.task = ${task}) AS has
                FROM orders o WHERE id = ${params.id} FOR SHARE`,
        )
        if (!order?.has) throw new Problem('NO_SUCH_TASK', { field: 'task' })
        if (order.status === 'closed') throw new Problem('ORDER_CLOSED')
        const body = await storeFile(client, received, { order: params.id, task, by: principal.id, now })
        return { status: 201, body, headers: { Location: `${req.baseUrl}${req.path}/${body.id}` } }
      })
    },
  }),
  operation({
    id: 'listAttachments',
    method: 'get',
    path: '/orders/{id}/attachments',
    tag: 'Files',
    summary: 'Files of an order',
    params: orderParams,
    query: listQuery,
    answers: { 200: { description: 'In the order of their coming.', schema: z.object({ items: z.array(attachment) }) } },
    async handle(ctx) {
      await requireInSight(ctx, ctx.params.id)
      return { status: 200, body: { items: await filesOf(ctx.deps.pool, ctx.params.id, ctx.query) } }
    },
  }),
  operation({
    id: 'downloadFile',
    method: 'get',
    path: '/orders/{id}/attachments/{file}',
    tag: 'Files',
    summary: 'The bytes of a file',
    params: fileParams,
    answers: { 200: { description: 'As it was attached.', type: 'application/octet-stream' } },
    async handle(ctx) {
      const { deps, res, params } = ctx
      await requireInSight(ctx, params.id)
      const [file] = await rows<AttachmentRow>(
        deps.pool,
        sql`SELECT * FROM attachment WHERE id = ${params.file} AND order_id = ${params.id}`,
      )
      if (!file) throw new Problem('NOT_FOUND')
      // Never shown inside our pages, whatever it holds.
      res.attachment(file.name)
      // Past Express, which would name an encoding that we do not know.
      res.setHeader('Content-Type', file.mime)
      res.set({ 'Content-Security-Policy': "default-src 'none'; sandbox", 'Cache-Control': 'private, no-cache', ETag: `"${file.sha256}"` })
      await new Promise<void>((done, failed) => {
        res.sendFile(
          file.path,
          { root: resolve(deps.config.ATTACHMENTS_DIR), dotfiles: 'allow', lastModified: false, etag: false, cacheControl: false },
          (error) => {
            if (error && !res.headersSent) failed(new Problem('INTERNAL', { cause: error }))
            else done()
          },
        )
      })
      return undefined
    },
  }),
]
