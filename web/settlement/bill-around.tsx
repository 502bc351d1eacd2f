import { Group, Paper, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { money } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'
import type { Bill } from './queries.ts'
import { SettlementState } from './state.tsx'

/** What was done with a bill after it was computed. */
export function BillAround({ bill }: { bill: Bill }) {
  const { t } = useTranslation('settlement')
  const { name } = useTitles()
  const lang = useLang()
  const line = (key: string, amount: number, state: string, ...words: ReactNode[]) => (
    <div key={key} style={{ marginBottom: 8 }}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {money(amount, lang)}
        </Text>
        <SettlementState of={state} />
      </Group>
      {words.filter(Boolean).map((word, i) => (
        <Text size="xs" c="dimmed" key={i} component="div">
          {word}
        </Text>
      ))}
    </div>
  )
  const boxes = [
    {
      title: t('bill.adjustments'),
      lines: bill.adjustments.map(({ id, amount, state, reason, proposedBy, decidedBy }) =>
        line(
          id,
          amount,
          state,
          reason,
          t('bill.by', { name: name(bill.names, proposedBy) }),
          decidedBy && t('bill.decided', { name: name(bill.names, decidedBy) }),
        ),
      ),
    },
    {
      title: t('bill.payouts'),
      lines: bill.payouts.map(({ id, amount, state, attempt, bankRef, askedAt, error }) =>
        line(id, amount, state, <When at={askedAt} absolute />, t('bill.attempt', { count: attempt }), bankRef, error),
      ),
    },
    {
      title: t('bill.corrections'),
      lines: bill.corrections.map(({ id, amount, state, reason, direction }) => line(id, amount, state, `${direction}: ${reason}`)),
    },
  ]
  return boxes
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => (
      <Paper withBorder p="sm" key={title} component="section">
        <Title order={3} mb="xs">
          {title}
        </Title>
        {lines}
      </Paper>
    ))
}
