import { Badge, Tooltip } from '@mantine/core'
import { IconAlarm, IconAlertTriangle, IconPlayerPause } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLang } from '../texts/use-lang.ts'
import { dueState, type Limit } from './due-state.ts'
import { useNow } from './now.ts'
import { clockTime } from './time.ts'

interface Props extends Limit {
  /** Never cut off: in a table whose columns find their own width. */
  whole?: boolean
}

/** What is left of a limit, or by how much it is overrun. Colour is never the only sign. */
export function Due({ whole, ...limit }: Props) {
  const { t } = useTranslation()
  const lang = useLang()
  const now = useNow()
  const state = dueState(limit, now, lang)
  if (state.kind === 'paused')
    return (
      <Badge color="gray" leftSection={<IconPlayerPause size={12} />}>
        {t('due.paused')}
      </Badge>
    )
  if (state.kind === 'none') return <Badge color="gray">{t('due.none')}</Badge>
  const late = state.kind === 'late'
  return (
    <Tooltip label={clockTime(limit.at!, lang, true)}>
      <Badge
        color={late ? 'red.9' : state.kind === 'soon' ? 'orange' : 'jade'}
        variant={late ? 'filled' : 'light'}
        miw={whole ? 'max-content' : undefined}
        leftSection={late ? <IconAlertTriangle size={12} /> : <IconAlarm size={12} />}
      >
        {late ? t('due.late', state) : t('due.left', state)}
      </Badge>
    </Tooltip>
  )
}
