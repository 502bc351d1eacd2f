/** A person's inbox. */
import { renderMessage } from '../../domain/messages.ts'
import { decodeCursor, paged } from '../http/cursor.ts'
import { Problem } from '../problem.ts'
import { type Db, all, rows, sql } from './sql.ts'

export interface NotificationRow {
  id: string
  order_id: string
  order_no: string | null
  order_title: string
  template: string
  data: Parameters<typeof renderMessage>[2]
  state: string
  created_at: Date
  read_at: Date | null
}

export async function listNotifications(
  db: Db,
  staff: string,
  query: { limit: number; cursor?: string | undefined; unread?: boolean | undefined },
) {
  const cursor = decodeCursor<readonly [string]>(query.cursor, ['text'])
  const before = cursor?.[0]
  if (before !== undefined && !/^\d{1,18}$/.test(before)) throw new Problem('BAD_CURSOR', { field: 'cursor' })
  const mine = sql`n.staff_id = ${staff} AND n.channel = 'inbox'`
  const found = await rows<NotificationRow>(
    db,
    sql`SELECT n.id, n.order_id, o.no AS order_no, o.title AS order_title, n.template, n.data, n.state, n.created_at, n.read_at
          FROM notification n JOIN orders o ON o.id = n.order_id
         WHERE ${all([
           mine,
           query.unread === true && sql`n.read_at IS NULL`,
           query.unread === false && sql`n.read_at IS NOT NULL`,
           before !== undefined && sql`n.id < ${before}::bigint`,
         ])}
         ORDER BY n.id DESC LIMIT ${query.limit + 1}`,
  )
  const [unread] = await rows<{ n: number }>(db, sql`SELECT count(*)::int AS n FROM notification n WHERE ${mine} AND n.read_at IS NULL`)
  const { items, page } = paged(found, query.limit, ({ id }) => [id])
  return { items: items.map(notificationOf), unread: unread!.n, page }
}

/** Marks one as read, once. Nothing where it is not the person's. */
export async function readNotification(db: Db, staff: string, id: string, now: Date) {
  const [row] = await rows<NotificationRow>(
    db,
    sql`WITH read AS (
          UPDATE notification SET read_at = coalesce(read_at, ${now}), state = 'read'
           WHERE id = ${id}::bigint AND staff_id = ${staff} AND channel = 'inbox' RETURNING *
        )
        SELECT n.id, n.order_id, o.no AS order_no, o.title AS order_title, n.template, n.data, n.state, n.created_at, n.read_at
          FROM read n JOIN orders o ON o.id = n.order_id`,
  )
  return row && notificationOf(row)
}

/** Marks everything as read that came up to the notification `until`, or all; answers how much, and how much is left. */
export async function readAllNotifications(
  db: Db,
  staff: string,
  until: string | undefined,
  now: Date,
): Promise<{ read: number; unread: number }> {
  const read = await rows(
    db,
    sql`UPDATE notification SET read_at = ${now}, state = 'read'
         WHERE staff_id = ${staff} AND channel = 'inbox' AND read_at IS NULL AND (${until ?? null}::bigint IS NULL OR id <= ${until ?? null}::bigint) RETURNING 1`,
  )
  const [left] = await rows<{ n: number }>(
    db,
    sql`SELECT count(*)::int AS n FROM notification WHERE staff_id = ${staff} AND channel = 'inbox' AND read_at IS NULL`,
  )
  return { read: read.length, unread: left!.n }
}

export const notificationOf = (row: NotificationRow) => ({
  id: String(row.id),
  order: row.order_id,
  orderNo: row.order_no,
  orderTitle: row.order_title,
  template: row.template,
  data: row.data,
  message: { en: renderMessage(row.template, 'en', row.data), zh: renderMessage(row.template, 'zh', row.data) },
  state: row.state,
  createdAt: row.created_at.toISOString(),
  readAt: row.read_at?.toISOString() ?? null,
})
