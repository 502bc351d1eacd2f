/** One file of the fault list, row by row, with the line each row stands on. */
import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Readable } from 'node:stream'
import { parse } from 'csv-parse'

/** The files can't be imported at all. The message names file and column and says what to do. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

export interface Row<C extends string> {
  line: number
  /** Empty where the row breaks off. */
  values: Readonly<Record<C, string>>
  /** Why the row can't be read: too few columns, or too many. */
  broken?: string
}

/**
 * Reads a file with a header. Other columns than those asked for are ignored.
 *
 * @throws InputError when the file is missing or empty, or a column is
 */
export async function* readCsv<const C extends string>(path: string, columns: readonly C[]): AsyncGenerator<Row<C>> {
  const file = basename(path)
  await access(path).catch(() => {
    throw new InputError(`${file} is missing: ${path} can't be read. Name the folder that holds the five files of the fault list.`)
  })
  yield* rowsOf(createReadStream(path), file, columns)
}

/**
 * The rows of an open file with a header, in UTF-8.
 *
 * @throws InputError when it is empty, or a column is missing
 */
export async function* rowsOf<const C extends string>(input: Readable, file: string, columns: readonly C[]): AsyncGenerator<Row<C>> {
  const parser = input.pipe(
    parse({
      bom: true,
      // No quoting: none of these values holds a comma or a line break, and one stray quote must not swallow the rows after it.
      quote: false,
      // All of them, not the first one seen: rows added with another editor must not run into one.
      record_delimiter: ['\r\n', '\n', '\r'],
      trim: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }),
  )
  let header: string[] | undefined
  for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
    const cells = record.map(unquoted)
    if (!header) {
      header = cells
      const missing = columns.find((column) => !cells.includes(column))
      if (missing !== undefined)
        throw new InputError(
          `${file} has no column "${missing}": its first line is "${cells.join(',')}" and must name ${columns.join(', ')}.`,
        )
      continue
    }
    const at = header
    const values = Object.fromEntries(columns.map((column) => [column, cells[at.indexOf(column)] ?? ''])) as Record<C, string>
    const broken = cells.length === at.length ? undefined : `has ${cells.length} columns instead of ${at.length}`
    yield { line: info.lines, values, ...(broken && { broken }) }
  }
  if (!header) throw new InputError(`${file} is empty: its first line must name the columns ${columns.join(', ')}.`)
}

const unquoted = (cell: string): string => (/^".*"$/.test(cell) ? cell.slice(1, -1) : cell)
