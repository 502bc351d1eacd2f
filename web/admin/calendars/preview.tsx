import { Alert, List, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { duration } from '../../parts/time.ts'
import { useLang } from '../../texts/use-lang.ts'
import type { CalendarChange } from './queries.ts'

const SHOWN = 12

/** Which days become what, and the open orders whose limits run on the calendar. */
export function Preview({ change }: { change: CalendarChange }) {
  const { t } = useTranslation('calendars')
  const lang = useLang()
  const side = ({ kind, work }: CalendarChange['days'][number]['from']) =>
    work === 0 ? t(`kind.${kind}`) : t('side', { kind: t(`kind.${kind}`), hours: duration(work, lang) })
  return (
    <Alert title={t('days', { count: change.days.length })} color="blue" data-preview>
      <List size="sm" mb="xs">
        {change.days.slice(0, SHOWN).map(({ date, from, to }) => (
          <List.Item key={date}>
            {date} · {side(from)} → {side(to)}
          </List.Item>
        ))}
        {change.days.length > SHOWN && <List.Item>{t('moreDays', { count: change.days.length - SHOWN })}</List.Item>}
      </List>
      <Text size="sm">{t('orders', { count: change.orders.count })}</Text>
      <List size="xs">
        {change.orders.items.slice(0, SHOWN).map(({ id, no, title }) => (
          <List.Item key={id}>
            <Link to="/orders/$order" params={{ order: id }}>
              {no ?? id}
            </Link>{' '}
            {title}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
