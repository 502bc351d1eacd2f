import type { Rows } from '../board/use-rows.ts'

/** Moves the keyboard to another row of the list: to its link, so that Enter opens the order. */
export function focusRow(rows: Rows, count: number, by: number): void {
  rows.move(by)
  const at = Math.min(count - 1, Math.max(0, rows.index + by))
  document.querySelectorAll<HTMLElement>('[data-attention] a')[at]?.focus()
}
