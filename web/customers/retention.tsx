import { Anchor, Badge, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Names } from '../http/types.ts'
import { FactList } from '../order/fact-list.tsx'
import { Section } from '../order/section.tsx'
import { money } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useJoin, useLang, useTitles } from '../texts/use-lang.ts'
import type { CustomerWhole } from './queries.ts'

type Retention = NonNullable<CustomerWhole['retention']>

/** What the customer is worth, and what says that he may leave. */
export function RetentionOf({ of, names }: { of: Retention; names: Names }) {
  const { t } = useTranslation('customer')
  const { list } = useJoin()
  const { name } = useTitles()
  const lang = useLang()
  const { profile, charges, alarms, cases, signals, losses } = of
  const head = (text: string) => (
    <Text size="xs" c="dimmed" fw={600} mt="sm" mb={2}>
      {text}
    </Text>
  )
  return (
    <Section title={t('retention')}>
      {profile && (
        <FactList
          lines={[
            { key: 'class', label: t('valueClass'), value: profile.valueClass },
            { key: 'tenure', label: t('tenure'), value: t('term', { count: profile.tenureMonths }) },
            { key: 'monthly', label: t('monthly'), value: money(profile.monthlyCharge, lang) },
            { key: 'total', label: t('total'), value: money(profile.totalCharge, lang) },
            ...(profile.left ? [{ key: 'left', label: t('status'), value: <Badge color="red">{t('left')}</Badge> }] : []),
          ]}
        />
      )}
      {charges.length > 1 && <Months charges={charges} />}
      {head(t('alarms'))}
      {alarms.length === 0 && <Text size="sm">{t('noAlarms')}</Text>}
      {alarms.map((one) => (
        <Group key={one.id} justify="space-between" gap={6}>
          <Text size="sm">{list(one.reasons.map((reason) => reason[lang]))}</Text>
          <Text size="xs" c="dimmed">
            <When at={one.at} absolute />
          </Text>
        </Group>
      ))}
      {cases.length > 0 && head(t('cases'))}
      {cases.map((one) => (
        <Group key={one.order} justify="space-between" gap={6}>
          <Anchor component={Link} to={`/orders/${one.order}`} size="sm">
            {one.no ?? one.order}
          </Anchor>
          <Text size="xs" c="dimmed">
            {one.end} <When at={one.openedAt} absolute />
          </Text>
        </Group>
      ))}
      {signals.length > 0 && head(t('signals'))}
      {signals.map((one) => (
        <Group key={`${one.kind} ${one.at}`} justify="space-between" gap={6}>
          <Text size="sm">{[one.kind, one.value && name(names, one.value)].filter(Boolean).join(': ')}</Text>
          <Text size="xs" c="dimmed">
            <When at={one.at} absolute />
          </Text>
        </Group>
      ))}
      {losses.length > 0 && head(t('losses'))}
      {losses.map((one) => (
        <Text size="sm" key={one.order}>
          {[one.kind, one.reason].join(': ')}
        </Text>
      ))}
    </Section>
  )
}

const HIGH = 48
const WIDE = 14

/** Twelve months as bars; the table behind says the same. */
function Months({ charges }: { charges: Retention['charges'] }) {
  const { t } = useTranslation('customer')
  const lang = useLang()
  const list = [...charges].reverse()
  const most = Math.max(1, ...list.map(({ amount }) => amount))
  return (
    <svg
      width={list.length * WIDE}
      height={HIGH}
      role="img"
      style={{ marginTop: 8 }}
      aria-label={`${t('monthly')}: ${list.map(({ month, amount }) => `${month} ${money(amount, lang)}`).join('; ')}`}
    >
      {list.map(({ month, amount }, i) => (
        <rect
          key={month}
          x={i * WIDE}
          y={HIGH - (amount / most) * HIGH}
          width={WIDE - 4}
          height={(amount / most) * HIGH}
          fill="var(--mantine-color-jade-6)"
        >
          <title>{`${month} ${money(amount, lang)}`}</title>
        </rect>
      ))}
    </svg>
  )
}
