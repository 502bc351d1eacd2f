/** Tables for a terminal, where a Chinese character is two columns wide. */
import type { ProcessTable } from './describe.ts'

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u

export const width = (text: string): number => [...text].reduce((columns, char) => columns + (WIDE.test(char) ? 2 : 1), 0)

const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)))

/** Rows under each other, every column as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => width(row[i] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, i) => pad(cell, widths[i]!))
      .join('  ')
      .trimEnd(),
  )
}

export function processText({ no, id, title, zh, steps, ends, differences }: ProcessTable): string {
  const rows = steps.map((step, i) => [
    String(i + 1),
    step.id,
    step.roles,
    step.limit === '–' ? '–' : `${step.limit} (${step.mapping})`,
    step.outcomesText.replaceAll('`', ''),
  ])
  return [
    `${no} ${id}  ${zh} · ${title}`,
    ...columns([['#', 'step', 'who', 'limit', 'outcomes → next'], ...rows]).map((line) => `  ${line}`),
    `  ends: ${ends.join(', ')}`,
    ...differences.map(({ step, outcome, reason }) => `  differs on purpose: ${step} = ${outcome}: ${reason}`),
    '',
  ].join('\n')
}
