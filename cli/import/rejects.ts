/** The file of rejected rows: CSV, so that it opens where the list was made. */
import { rmSync, writeFileSync } from 'node:fs'
import type { Reject } from './faults.ts'

/** Writes the rejects in the order of files and lines; without any, a file of an earlier run is removed. */
export function writeRejects(path: string, rejects: readonly Reject[]): void {
  if (rejects.length === 0) {
    rmSync(path, { force: true })
    return
  }
  const sorted = rejects.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  const lines = sorted.map(({ file, line, id, reason }) => [file, String(line), id, reason].map(cell).join(','))
  writeFileSync(path, `${['file,line,id,reason', ...lines].join('\n')}\n`)
}

/** A cell that begins like a formula is kept from being one. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
