import './orders.css'
import { Group, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Names, OrderSummary } from '../http/types.ts'
import { Due } from '../parts/due.tsx'
import { Empty } from '../parts/query-state.tsx'
import { Priority, Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { useProcess, useProcessTitles, useWords } from '../order/words.ts'

const ROW = 46
const TALL = 78
/** Rows before the last from which the next page is asked for. */
const AHEAD = 40

interface Props {
  items: readonly OrderSummary[]
  names: Names
  busy: boolean
  /** Asks for the next page, where there is one. */
  more?: () => void
}

/** Only the rows that are seen are drawn, however many there are. */
export function OrderTable({ items, names, busy, more }: Props) {
  const { t } = useTranslation('orders')
  const frame = useRef<HTMLDivElement>(null)
  const narrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false })
  const height = narrow ? TALL : ROW
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => frame.current, estimateSize: () => height, overscan: 12 })
  const drawn = rows.getVirtualItems()
  const last = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    rows.measure()
  }, [height])
  useEffect(() => {
    if (more && last >= items.length - AHEAD) more()
  }, [last, items.length, more !== undefined])
  if (items.length === 0) return <Empty />
  const columns = ['no', 'order', 'customer', 'now', 'due', 'opened'] as const
  return (
    <div
      ref={frame}
      className="order-table"
      role="table"
      aria-label={t('title')}
      aria-rowcount={more ? -1 : items.length}
      aria-busy={busy}
      tabIndex={0}
    >
      <div role="rowgroup">
        <div className="order-head" role="row">
          {columns.map((column) => (
            <span role="columnheader" key={column}>
              {t(`column.${column}`)}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {drawn.map(({ index, key, start }) => (
          <Row key={key} item={items[index]!} names={names} index={index} top={start} />
        ))}
      </div>
    </div>
  )
}

function Row({ item, names, index, top }: { item: OrderSummary; names: Names; index: number; top: number }) {
  const { t } = useTranslation('common')
  const { say, name } = useTitles()
  const process = useProcessTitles()
  // Each process is asked for once, however many rows there are of it.
  const words = useWords(useProcess(item.process))
  const [first] = item.tasks
  const holder = first && name(names, first.person ?? first.unit)
  return (
    <div className="order-row" role="row" aria-rowindex={index + 2} style={{ top }}>
      <Text role="cell" size="xs" ff="monospace" truncate>
        {item.no ?? item.id}
      </Text>
      <div role="cell">
        <Link className="order-link" to="/orders/$order" params={{ order: item.id }}>
          <Text size="sm" truncate component="span" display="block">
            {item.title}
          </Text>
        </Link>
        <Group gap={6} wrap="nowrap">
          <Text size="xs" c="dimmed" truncate>
            {process(item.process)}
          </Text>
          <Priority of={item.priority} />
        </Group>
      </div>
      <Text role="cell" size="sm" truncate>
        {say(item.customer?.name)}
      </Text>
      <div role="cell">
        {first ? (
          <>
            <Text size="sm" truncate>
              {words.step(first.step)}
              {item.tasks.length > 1 && ` +${item.tasks.length - 1}`}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {holder || (first.status in known ? t(`status.${first.status as keyof typeof known}`) : '')}
            </Text>
          </>
        ) : (
          <Status of={item.status} />
        )}
      </div>
      <div role="cell">{item.status === 'open' && item.nextDueAt ? <Due at={dueOf(item)} since={item.openedAt} /> : null}</div>
      <Text role="cell" size="xs" c="dimmed">
        <When at={item.openedAt} absolute />
      </Text>
    </div>
  )
}

const known = { undispatched: 1, offered: 1, accepted: 1, suspended: 1, waiting: 1, automatic: 1 }

/** When the first of its open steps is due. */
const dueOf = ({ tasks, nextDueAt }: OrderSummary): string | null =>
  tasks.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt])).sort()[0] ?? nextDueAt
