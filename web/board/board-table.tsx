import { Checkbox } from '@mantine/core'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useMediaQuery } from '@mantine/hooks'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Names, TaskItem } from '../http/types.ts'
import { dueState } from '../parts/due-state.ts'
import { useNow } from '../parts/now.ts'
import { statusColour } from '../parts/status.tsx'
import { clockTime } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { BoardRow, type RowWords } from './board-row.tsx'
import classes from './board.module.css'
import { rowId } from './queries.ts'
import type { Rows } from './use-rows.ts'

interface Props {
  items: readonly TaskItem[]
  names: Names
  rows: Rows
  open: () => void
  /** Loads the next page; none where this is all. */
  more: (() => void) | undefined
}

const HEIGHT = 44
const CARD = 98
/** So many rows before the end the next page is asked for. */
const AHEAD = 20

/** Rows that a page key passes. */
const PAGE = 12

const columns = ['step', 'order', 'customer', 'holder', 'status', 'due'] as const

/** Only what is on the screen is drawn, however long the lane is. */
export function BoardTable({ items, names, rows, open, more }: Props) {
  const { t } = useTranslation(['board', 'common'])
  const { say, name } = useTitles()
  const lang = useLang()
  const now = useNow()
  const scroll = useRef<HTMLDivElement>(null)
  const narrow = useMediaQuery('(max-width: 48em)')
  // The same function for the same items: another would have all of them measured anew.
  const keyOf = useCallback((index: number) => rowId(items[index]!), [items])
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (narrow ? CARD : HEIGHT),
    overscan: 6,
    getItemKey: keyOf,
    // The row that has the keyboard is there also when it is out of sight.
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range)
      return seen.includes(rows.index) || rows.index >= items.length ? seen : [...seen, rows.index].sort((a, b) => a - b)
    },
  })
  useEffect(() => {
    virtual.measure()
  }, [narrow, virtual])
  const drawn = virtual.getVirtualItems()
  const last = virtual.range?.endIndex ?? 0
  useEffect(() => {
    if (more && last >= items.length - AHEAD) more()
  }, [last, items.length, more])

  // The row follows the keyboard, and the keyboard the row.
  const { index } = rows
  const followed = useRef(index)
  useEffect(() => {
    if (followed.current === index) return
    followed.current = index
    virtual.scrollToIndex(index, { align: 'auto' })
    requestAnimationFrame(() => scroll.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }))
  }, [index, virtual])

  // Rows are drawn anew only when their words change: what they call must not change with every drawing.
  const newest = useRef({ items, rows, open })
  newest.current = { items, rows, open }
  const act = useRef({
    focus: (at: number) => newest.current.rows.focus(at),
    open: () => newest.current.open(),
    toggle: (at: number) => newest.current.rows.toggle(newest.current.items[at]!),
    press(at: number, event: KeyboardEvent) {
      const { items: all, rows: those, open: go } = newest.current
      if (event.target !== event.currentTarget) return
      if (event.key === 'Enter') go()
      else if (event.key === 'ArrowDown') those.move(1)
      else if (event.key === 'ArrowUp') those.move(-1)
      else if (event.key === 'PageDown') those.move(PAGE)
      else if (event.key === 'PageUp') those.move(-PAGE)
      else if (event.key === 'Home') those.focus(0)
      else if (event.key === 'End') those.focus(all.length - 1)
      else if (event.key === ' ') those.toggle(all[at]!)
      else return
      event.preventDefault()
    },
  }).current
  // Of this second.
  const known = useMemo(() => new Map<TaskItem, RowWords>(), [now, lang, names, items])
  const wordsOf = (item: TaskItem): RowWords => {
    const words = known.get(item) ?? wordsFor(item)
    known.set(item, words)
    return words
  }
  const wordsFor = (item: TaskItem): RowWords => {
    const limit = dueState({ at: item.dueAt, since: item.acceptedAt ?? item.openedAt, paused: item.status === 'suspended' }, now, lang)
    const step = say(item.title)
    return {
      select: t('select', { step, order: item.orderNo ?? item.order }),
      step,
      order: item.orderTitle,
      no: item.orderNo ?? '',
      customer: say(item.customer?.name),
      holder: name(names, item.person ?? item.unit),
      status: t(`common:status.${item.status as 'open'}`),
      colour: statusColour(item.status),
      due:
        limit.kind === 'late' || limit.kind === 'soon' || limit.kind === 'left'
          ? t(`common:due.${limit.kind === 'late' ? 'late' : 'left'}`, limit)
          : t(`common:due.${limit.kind}`),
      dueKind: limit.kind,
      dueAt: item.dueAt ? clockTime(item.dueAt, lang, true) : '',
    }
  }

  return (
    <div ref={scroll} className={classes.scroll} role="grid" aria-label={t('rows')} aria-rowcount={items.length + 1} aria-multiselectable>
      <div className={`${classes.row} ${classes.head}`} role="row">
        <div role="columnheader" data-cell="check">
          <Checkbox
            size="xs"
            aria-label={t('selectAll')}
            checked={rows.selected.length > 0 && rows.selected.length === items.length}
            indeterminate={rows.selected.length > 0 && rows.selected.length < items.length}
            onChange={rows.selectAll}
          />
        </div>
        {columns.map((column) => (
          <div role="columnheader" key={column} data-cell={column}>
            {t(`column.${column}`)}
          </div>
        ))}
      </div>
      <div className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {drawn.map(({ index: at, key, start }) => {
          const item = items[at]!
          return <BoardRow key={key} at={at} start={start} here={at === index} chosen={rows.isSelected(item)} {...act} {...wordsOf(item)} />
        })}
      </div>
    </div>
  )
}
