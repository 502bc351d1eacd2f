import { Badge, Tooltip } from '@mantine/core'
import { IconAlarm, IconAlertTriangle, IconPlayerPause } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLang } from '../texts/use-lang.ts'
import { useNow } from './now.ts'
import { clockTime, duration } from './time.ts'

interface Props {
  at: string | null
  paused?: boolean
  /** When the limit began: from it follows what "soon" means. */
  since?: string | null
  /** Never cut off: in a table whose columns find their own width. */
  whole?: boolean
}

/** The share of a limit from which it is at risk, as the first rung of the ladder has it. */
const AT_RISK = 0.8

/** What is left of a limit, or by how much it is overrun. Colour is never the only sign. */
export function Due({ at, paused, since, whole }: Props) {
  const { t } = useTranslation()
  const lang = useLang()
  const now = useNow()
  if (paused)
    return (
      <Badge color="gray" leftSection={<IconPlayerPause size={12} />}>
        {t('due.paused')}
      </Badge>
    )
  if (!at) return <Badge color="gray">{t('due.none')}</Badge>
  const due = new Date(at).getTime()
  const late = now >= due
  const begun = since ? new Date(since).getTime() : undefined
  const soon = !late && begun !== undefined && now - begun >= (due - begun) * AT_RISK
  const text = late ? t('due.late', { time: duration(now - due, lang) }) : t('due.left', { time: duration(due - now, lang) })
  return (
    <Tooltip label={clockTime(at, lang, true)}>
      <Badge
        color={late ? 'red.9' : soon ? 'orange' : 'jade'}
        variant={late ? 'filled' : 'light'}
        miw={whole ? 'max-content' : undefined}
        leftSection={late ? <IconAlertTriangle size={12} /> : <IconAlarm size={12} />}
      >
        {text}
      </Badge>
    </Tooltip>
  )
}
