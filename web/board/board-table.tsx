import { Checkbox } from '@mantine/core'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Names, TaskItem } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { Status } from '../parts/status.tsx'
import { useTitles } from '../texts/use-lang.ts'
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
const CARD = 84
/** So many rows before the end the next page is asked for. */
const AHEAD = 20

/** Rows that a page key passes. */
const PAGE = 12

const columns = ['step', 'order', 'customer', 'holder', 'status', 'due'] as const

/** Only what is on the screen is drawn, however long the lane is. */
export function BoardTable({ items, names, rows, open, more }: Props) {
  const { t } = useTranslation('board')
  const { say, name } = useTitles()
  const scroll = useRef<HTMLDivElement>(null)
  const narrow = useMediaQuery('(max-width: 48em)')
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (narrow ? CARD : HEIGHT),
    overscan: 12,
    getItemKey: (index) => rowId(items[index]!),
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
          const here = at === index
          return (
            <div
              key={key}
              role="row"
              tabIndex={here ? 0 : -1}
              data-index={at}
              data-focused={here || undefined}
              aria-rowindex={at + 2}
              aria-selected={rows.isSelected(item)}
              className={`${classes.row} ${classes.line}`}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => rows.focus(at)}
              onFocus={() => rows.focus(at)}
              onDoubleClick={open}
              onKeyDown={(event) => {
                if (event.target !== event.currentTarget) return
                if (event.key === 'Enter') open()
                else if (event.key === 'ArrowDown') rows.move(1)
                else if (event.key === 'ArrowUp') rows.move(-1)
                else if (event.key === 'PageDown') rows.move(PAGE)
                else if (event.key === 'PageUp') rows.move(-PAGE)
                else if (event.key === 'Home') rows.focus(0)
                else if (event.key === 'End') rows.focus(items.length - 1)
                else if (event.key === ' ') rows.toggle(item)
                else return
                event.preventDefault()
              }}
            >
              <div role="gridcell" data-cell="check">
                <Checkbox
                  size="xs"
                  tabIndex={-1}
                  aria-label={t('select', { step: say(item.title), order: item.orderNo ?? item.order })}
                  checked={rows.isSelected(item)}
                  onChange={() => rows.toggle(item)}
                  onClick={(event) => event.stopPropagation()}
                />
              </div>
              <div role="gridcell" data-cell="step" title={say(item.title)}>
                {say(item.title)}
              </div>
              <div role="gridcell" data-cell="order" title={`${item.orderNo ?? ''} ${item.orderTitle}`}>
                {item.orderTitle} <span style={{ color: 'var(--mantine-color-dimmed)' }}>{item.orderNo}</span>
              </div>
              <div role="gridcell" data-cell="customer">
                {say(item.customer?.name)}
              </div>
              <div role="gridcell" data-cell="holder">
                {name(names, item.person ?? item.unit)}
              </div>
              <div role="gridcell" data-cell="status">
                <Status of={item.status} />
              </div>
              <div role="gridcell" data-cell="due">
                <Due at={item.dueAt} since={item.acceptedAt ?? item.openedAt} paused={item.status === 'suspended'} />
              </div>
            </div>
          )
        })}
      </div>
    </div>
  )
}
