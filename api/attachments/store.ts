/** Writes down a file that has been received. */
import { randomUUID } from 'node:crypto'
import { type AttachmentRow, fileOf } from '../queries/attachments.ts'
import { versionOfTask } from '../queries/documents.ts'
import { type Db, rows, sql } from '../queries/sql.ts'
import type { Received } from './receive.ts'

/** The row of a file of an order, and of the task and the version of the document that it came for. */
export async function storeFile(
  db: Db,
  { name, mime, size, sha256, path }: Received,
  { order, task, by, now }: { order: string; task: string | null; by: string; now: Date },
) {
  const version = task === null ? null : await versionOfTask(db, order, task)
  const [row] = await rows<AttachmentRow>(
    db,
    sql`INSERT INTO attachment (id, order_id, task, name, mime, size, sha256, path, version, uploaded_by, uploaded_at)
        VALUES (${randomUUID()}, ${order}, ${task}, ${name}, ${mime}, ${size}, ${sha256}, ${path}, ${version}, ${by}, ${now}) RETURNING *`,
  )
  return fileOf(row!)
}
