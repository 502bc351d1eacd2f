import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const colours = {
  open: 'blue',
  withdrawing: 'orange',
  closed: 'gray',
  stopped: 'red',
  undispatched: 'grape',
  offered: 'blue',
  signing: 'blue',
  accepted: 'teal',
  suspended: 'yellow',
  done: 'gray',
  cancelled: 'gray',
  child: 'gray',
  automatic: 'indigo',
} as const

type Known = keyof typeof colours

/** The colour of a state; grey for one that is not known. */
export const statusColour = (of: string): string => (of in colours ? colours[of as Known] : 'gray')

/** The state of an order or a task. */
export function Status({ of }: { of: string }) {
  const { t } = useTranslation()
  const known = of in colours ? (of as Known) : undefined
  return <Badge color={known ? colours[known] : 'gray'}>{known ? t(`status.${known}`) : of}</Badge>
}

/** 1 is the highest. */
export function Priority({ of }: { of: number }) {
  const { t } = useTranslation()
  if (of > 2) return null
  return (
    <Badge color={of === 1 ? 'red.9' : 'orange'} variant={of === 1 ? 'filled' : 'light'}>
      {t(`priority.${of as 1 | 2}`)}
    </Badge>
  )
}
