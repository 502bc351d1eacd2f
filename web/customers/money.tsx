import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../order/section.tsx'
import { clockTime, money } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'
import type { CustomerWhole } from './queries.ts'

/** What the customer may owe, owes, and has paid. */
export function MoneyOf({ of: { credit, arrears, payments } }: { of: NonNullable<CustomerWhole['money']> }) {
  const { t } = useTranslation('customer')
  const lang = useLang()
  const head = (text: string) => (
    <Text size="xs" c="dimmed" fw={600} mt="xs">
      {text}
    </Text>
  )
  return (
    <Section title={t('money')}>
      {credit.length > 0 && head(t('credit'))}
      {credit.map((one) => (
        <Group key={one.account} justify="space-between" gap={6}>
          <Text size="sm">{one.account || t('allAccounts')}</Text>
          <Text size="sm">
            <Badge color="gray">{one.class}</Badge> {money(one.limit, lang)}
          </Text>
        </Group>
      ))}
      {head(t('arrears'))}
      {arrears.length === 0 && <Text size="sm">{t('noArrears')}</Text>}
      {arrears.map((one) => (
        <Group key={`${one.order} ${one.account} ${one.period}`} justify="space-between" gap={6}>
          <Text size="sm">
            {one.period} {one.restricted && <Badge color="red">{t('restricted')}</Badge>}
          </Text>
          <Text size="sm" fw={600}>
            {money(one.amount, lang)}
            <Text span size="xs" c="dimmed" fw={400} ml={6}>
              {t('due', { at: clockTime(one.dueAt, lang) })}
            </Text>
          </Text>
        </Group>
      ))}
      {head(t('payments'))}
      {payments.length === 0 && <Text size="sm">{t('noPayments')}</Text>}
      {payments.map((one) => (
        <Group key={one.bankNo} justify="space-between" gap={6}>
          <Text size="xs" c="dimmed">
            {clockTime(one.paidAt, lang)}
          </Text>
          <Text size="sm">{money(one.amount, lang)}</Text>
        </Group>
      ))}
    </Section>
  )
}
