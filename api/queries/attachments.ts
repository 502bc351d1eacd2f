/** Files of orders, as rows and as answers. */
import { attachmentOf } from './order.ts'
import { all, type Db, rows, sql } from './sql.ts'

export interface AttachmentRow {
  id: string
  order_id: string
  task: string | null
  name: string
  mime: string
  size: number
  sha256: string
  path: string
  version: number | null
  uploaded_by: string
  uploaded_at: Date
}

export const fileOf = (row: AttachmentRow) =>
  attachmentOf({
    id: row.id,
    orderId: row.order_id,
    task: row.task,
    name: row.name,
    mime: row.mime,
    size: row.size,
    sha256: row.sha256,
    path: row.path,
    version: row.version,
    uploadedBy: row.uploaded_by,
    uploadedAt: row.uploaded_at.toISOString(),
  })

type File = ReturnType<typeof fileOf>

/** In the order of their coming. */
export async function filesOf(
  db: Db,
  order: string,
  { task, version }: { task?: string | undefined; version?: number | undefined } = {},
): Promise<File[]> {
  const wanted = all([
    sql`order_id = ${order}`,
    task !== undefined && sql`task = ${task}`,
    version !== undefined && sql`version = ${version}`,
  ])
  return (await rows<AttachmentRow>(db, sql`SELECT * FROM attachment WHERE ${wanted} ORDER BY uploaded_at, id`)).map(fileOf)
}

/** By the version of the document that they came for. */
export async function filesByVersion(db: Db, orders: readonly string[]): Promise<(order: string, version: number) => File[]> {
  const found =
    orders.length === 0
      ? []
      : await rows<AttachmentRow>(
          db,
          sql`SELECT * FROM attachment WHERE order_id = ANY (${[...orders]}) AND version IS NOT NULL ORDER BY uploaded_at, id`,
        )
  return (order, version) => found.filter((row) => row.order_id === order && row.version === version).map(fileOf)
}
