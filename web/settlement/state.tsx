import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { settlement } from '../texts/en/settlement.ts'

type Known = keyof (typeof settlement)['state']

const colours: Partial<Record<Known, string>> = {
  computing: 'blue',
  computed: 'indigo',
  settled: 'teal',
  paid: 'green',
  closed: 'teal',
  stopped: 'red',
  void: 'gray',
  replaced: 'gray',
  proposed: 'orange',
  released: 'teal',
  active: 'teal',
  draft: 'yellow',
}

/** The state of a run, a bill, a payout, a scheme or an agent. */
export function SettlementState({ of }: { of: string }) {
  const { t, i18n } = useTranslation('settlement')
  const known = i18n.exists(`settlement:state.${of}`) ? (of as Known) : undefined
  return <Badge color={(known && colours[known]) ?? 'gray'}>{known ? t(`state.${known}`) : of}</Badge>
}
