import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import type { Clock, Names, Order } from '../../http/types.ts'
import { useNow } from '../../parts/now.ts'
import { Loaded } from '../../parts/query-state.tsx'
import { clockTime, duration } from '../../parts/time.ts'
import { useLang } from '../../texts/use-lang.ts'
import { useActors } from '../chronicle/actor.tsx'
import { FactList } from '../fact-list.tsx'
import { wholeHistoryQuery } from '../queries.ts'
import { type LedgerLine, ledgerOf } from './ledger.ts'

const marks = { given: 1, inferred: 1, default: 1, demo: 1 }

/** What a limit rests on: policy with its version, calendar, and each thing that happened to it. */
export function ClockLedger({ clock, order }: { clock: Clock; order: Order }) {
  const { t } = useTranslation('order')
  const lang = useLang()
  const me = useMe()
  const [calendar = '', version = ''] = clock.calendar.split('@')
  const [row = '', rowVersion = ''] = clock.policy.split('@')
  const fired = order.rungs.filter((rung) => rung.clock === clock.clock).map(({ pct }) => `${pct} %`)
  const working = calendar === 'W' ? ` (${t('clocks.working')})` : ''
  const lines = [
    { key: 'budget', label: t('clocks.budget'), value: `${duration(clock.budgetMs, lang)}${working}` },
    ...(clock.usedMs > 0 ? [{ key: 'used', label: t('clocks.used'), value: duration(clock.usedMs, lang) }] : []),
    { key: 'started', label: t('clocks.started'), value: clockTime(clock.startedAt, lang, true) },
    { key: 'due', label: t('clocks.due'), value: clockTime(clock.dueAt, lang, true) },
    { key: 'policy', label: t('clocks.policy'), value: t('clocks.policyOf', { id: row, version: rowVersion }) },
    {
      key: 'calendar',
      label: t('clocks.calendar'),
      value: calendar === 'C' || calendar === 'W' ? t(`clocks.calendars.${calendar}`, { version }) : clock.calendar,
    },
    {
      key: 'mark',
      label: t('clocks.mark'),
      value: clock.mark in marks ? t(`clocks.marks.${clock.mark as keyof typeof marks}`) : clock.mark,
    },
    { key: 'ladder', label: t('clocks.ladder'), value: [clock.ladder, ...fired].join(' \u00b7 ') },
  ]
  return (
    <div style={{ paddingTop: 6 }}>
      <FactList lines={lines} />
      {clock.provisional && (
        <Text size="xs" mt={6}>
          {t('clocks.provisionalWhy')}
        </Text>
      )}
      {me.may.audit ? (
        <Lines clock={clock} order={order} />
      ) : (
        <Text size="xs" c="dimmed" mt={6}>
          {t('clocks.notYours')}
        </Text>
      )}
    </div>
  )
}

function Lines({ clock, order }: { clock: Clock; order: Order }) {
  const { t } = useTranslation('order')
  const lang = useLang()
  const now = useNow(60_000)
  const history = useQuery(wholeHistoryQuery(order.id))
  return (
    <Loaded of={history} rows={2}>
      {({ items, names }) => {
        const { lines, pausedMs } = ledgerOf(items, clock.clock, now)
        return (
          <Table fz="xs" verticalSpacing={3} horizontalSpacing={4} mt={6}>
            <Table.Caption style={{ captionSide: 'top', textAlign: 'start', marginTop: 0 }}>
              {t('clocks.ledger')}
              {pausedMs > 0 && ` \u00b7 ${t('clocks.lost')}: ${duration(pausedMs, lang)}`}
            </Table.Caption>
            <Table.Tbody>
              {lines.map((line) => (
                <LineOf key={`${line.seq} ${line.kind}`} line={line} names={{ ...names, ...order.names }} />
              ))}
            </Table.Tbody>
          </Table>
        )
      }}
    </Loaded>
  )
}

function LineOf({ line, names }: { line: LedgerLine; names: Names }) {
  const { t } = useTranslation('order')
  const lang = useLang()
  const actor = useActors(names)
  const text = () => {
    switch (line.kind) {
      case 'set':
      case 'moved':
        return t(`clocks.line.${line.kind}`, { due: clockTime(line.due, lang), used: duration(line.used, lang) })
      case 'paused':
        return t('clocks.line.paused', { used: duration(line.used, lang) })
      case 'extended':
        return t('clocks.line.extended', { by: duration(line.by, lang), reason: line.reason })
      case 'rung':
        return t('clocks.line.rung', { pct: line.pct, late: duration(line.late, lang) })
      default:
        return t(`clocks.line.${line.kind}`)
    }
  }
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: 'top' }} w={96}>
        {clockTime(line.at, lang)}
      </Table.Td>
      <Table.Td>
        {text()}
        {line.actor.kind === 'person' && (
          <Text span size="xs" c="dimmed">
            {` \u00b7 ${actor(line.actor)}`}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
