/** Which row has the keyboard, and which are selected. What is gone from the lane is gone from the selection. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { TaskItem } from '../http/types.ts'
import { rowId } from './queries.ts'

export interface Rows {
  focused: TaskItem | undefined
  index: number
  focus: (index: number) => void
  move: (by: number) => void
  selected: readonly TaskItem[]
  isSelected: (item: TaskItem) => boolean
  toggle: (item: TaskItem) => void
  selectAll: () => void
  clear: () => void
}

export function useRows(items: readonly TaskItem[]): Rows {
  const [at, setAt] = useState<string>()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const found = items.findIndex((item) => rowId(item) === at)
  // What takes the place of a row that is gone has the keyboard then.
  const before = useRef(0)
  const index = found >= 0 ? found : Math.max(0, Math.min(before.current, items.length - 1))
  useEffect(() => {
    before.current = index
  }, [index])
  const selected = useMemo(() => items.filter((item) => chosen.has(rowId(item))), [items, chosen])
  const focus = useCallback((next: number) => items[next] && setAt(rowId(items[next])), [items])
  return {
    focused: items[index],
    index,
    focus,
    move: (by) => focus(Math.min(items.length - 1, Math.max(0, index + by))),
    selected,
    isSelected: (item) => chosen.has(rowId(item)),
    toggle: (item) => {
      const next = new Set(chosen)
      if (!next.delete(rowId(item))) next.add(rowId(item))
      setChosen(next)
    },
    selectAll: () => setChosen(selected.length === items.length ? new Set() : new Set(items.map(rowId))),
    clear: () => setChosen(new Set()),
  }
}
