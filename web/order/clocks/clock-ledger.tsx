import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import type { Clock, Names, Order } from '../../http/types.ts'
import { Loaded } from '../../parts/query-state.tsx'
import { clockTime, duration, lateness } from '../../parts/time.ts'
import { useLang, useTitles } from '../../texts/use-lang.ts'
import { useActors } from '../chronicle/actor.tsx'
import { FactList } from '../fact-list.tsx'
import { type ClockLedgers, clocksQuery } from '../queries.ts'

type Ledger = ClockLedgers['items'][number]

const marks = { given: 1, inferred: 1, default: 1, demo: 1 }

/** What a limit rests on: policy with its version, calendar, and each thing that happened to it. */
export function ClockLedger({ clock, order }: { clock: Clock; order: Order }) {
  const { t } = useTranslation('order')
  const me = useMe()
  const found = useQuery({ ...clocksQuery(order.id), enabled: me.may.audit })
  if (!me.may.audit)
    return (
      <Text size="xs" c="dimmed" mt={6}>
        {t('clocks.notYours')}
      </Text>
    )
  return (
    <Loaded of={found} rows={3}>
      {({ items, names }) => {
        const ledger = items.find((one) => one.clock === clock.clock)
        return ledger ? <Account ledger={ledger} clock={clock} names={names} /> : null
      }}
    </Loaded>
  )
}

function Account({ ledger, clock, names }: { ledger: Ledger; clock: Clock; names: Names }) {
  const { t } = useTranslation('order')
  const { say, name } = useTitles()
  const lang = useLang()
  const actor = useActors(names)
  const { policy, calendar, leftMs } = ledger
  const ladder = ledger.ladder.map(({ pct, at, fired }) => `${pct} % ${clockTime(at, lang)}${fired ? ' \u2713' : ''}`)
  const lines = [
    { key: 'used', label: t('clocks.used'), value: duration(ledger.usedMs, lang) },
    { key: 'left', label: leftMs < 0 ? t('clocks.over') : t('clocks.left'), value: duration(Math.abs(leftMs), lang) },
    {
      key: 'policy',
      label: t('clocks.policy'),
      value: policy
        ? [
            t('clocks.policyOf', { id: policy.id, version: policy.version }),
            policy.budget,
            policy.mark in marks ? t(`clocks.marks.${policy.mark as keyof typeof marks}`) : policy.mark,
            policy.changedBy && name(names, policy.changedBy),
          ]
            .filter(Boolean)
            .join(' \u00b7 ')
        : clock.policy,
    },
    ...(policy?.source || policy?.note
      ? [{ key: 'source', label: t('clocks.source'), value: [policy.source, policy.note].filter(Boolean).join(' \u00b7 ') }]
      : []),
    {
      key: 'calendar',
      label: t('clocks.calendar'),
      value: calendar
        ? calendar.continuous
          ? t('clocks.calendars.C')
          : t('clocks.calendars.W', { version: calendar.version })
        : clock.calendar,
    },
    ...(ladder.length > 0
      ? [
          {
            key: 'ladder',
            label: t('clocks.ladder'),
            value: ladder.map((rung) => (
              <div key={rung} style={{ whiteSpace: 'nowrap' }}>
                {rung}
              </div>
            )),
          },
        ]
      : []),
  ]
  return (
    <div style={{ paddingTop: 6 }}>
      <Text size="sm" mb={6}>
        {say(ledger.because)}
      </Text>
      {ledger.provisional && (
        <Text size="xs" mb={6}>
          {t('clocks.provisionalWhy')}
        </Text>
      )}
      <FactList lines={lines} />
      <Table fz="xs" verticalSpacing={3} horizontalSpacing={4} mt={6}>
        <Table.Caption style={{ captionSide: 'top', textAlign: 'start', marginTop: 0 }}>{t('clocks.ledger')}</Table.Caption>
        <Table.Tbody>
          {ledger.lines.map((line) => (
            <Table.Tr key={`${line.seq} ${line.what} ${line.pct ?? ''}`}>
              <Table.Td style={{ verticalAlign: 'top' }} w={96}>
                {clockTime(line.at, lang)}
              </Table.Td>
              <Table.Td>
                {say(line.text)}
                {line.lateMs !== null && `${lang === 'zh' ? '，' : ', '}${t('clocks.noticed', { time: lateness(line.lateMs, lang) })}`}
                {line.actor.kind === 'person' && (
                  <Text span size="xs" c="dimmed">
                    {` \u00b7 ${actor(line.actor)}`}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
