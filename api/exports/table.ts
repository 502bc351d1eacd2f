/** Tables as files, written row by row: however long they are, memory holds a page. */
import { once } from 'node:events'
import type { Response } from 'express'
import { stringify } from 'csv-stringify'
import ExcelJS from 'exceljs'

export type Cell = string | number | null

export interface Table {
  /** File name without its ending. */
  name: string
  columns: readonly string[]
  rows: AsyncIterable<readonly Cell[]>
}

/** What a spreadsheet would take for a formula stays text. */
const harmless = (cell: Cell): Cell => (typeof cell === 'string' && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)

/**
 * Answers with the table. A reader that goes away ends the work; a fault after the first row breaks the answer off, so that nobody
 * takes half a file for a whole one.
 */
export async function sendTable(res: Response, format: 'csv' | 'xlsx', table: Table): Promise<void> {
  res.attachment(`${table.name}.${format}`)
  try {
    await (format === 'csv' ? csv(res, table) : xlsx(res, table))
  } catch (error) {
    if (!res.headersSent) throw error
    res.destroy(error as Error)
  }
}

async function csv(res: Response, { columns, rows }: Table): Promise<void> {
  res.type('text/csv; charset=utf-8')
  // With the mark spreadsheets read the file as UTF-8.
  const out = stringify({ bom: true, record_delimiter: 'windows' })
  out.pipe(res)
  out.write(columns)
  for await (const row of rows) {
    if (res.destroyed) return
    if (!out.write(row.map(harmless))) await once(out, 'drain')
  }
  out.end()
  await once(out, 'end')
}

async function xlsx(res: Response, { columns, rows, name }: Table): Promise<void> {
  res.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: res })
  const sheet = book.addWorksheet(name.slice(0, 31), { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.addRow(columns).commit()
  let n = 0
  for await (const row of rows) {
    if (res.destroyed) return
    // A text of a cell is no formula here: only a value that says so is one.
    sheet.addRow(row).commit()
    if (++n % 1_000 === 0) await new Promise(setImmediate)
  }
  sheet.commit()
  await book.commit()
}

/** All rows of a list that answers by pages. */
export async function* everyRow<T>(
  load: (cursor?: string) => Promise<{ items: readonly T[]; page: { next: string | null } }>,
): AsyncGenerator<T> {
  for (let cursor: string | undefined; ; ) {
    const { items, page } = await load(cursor)
    yield* items
    if (page.next === null) return
    cursor = page.next
  }
}

/** A row for each thing. */
export async function* rowsOf<T>(things: AsyncIterable<T>, row: (thing: T) => readonly Cell[]): AsyncGenerator<readonly Cell[]> {
  for await (const thing of things) yield row(thing)
}
