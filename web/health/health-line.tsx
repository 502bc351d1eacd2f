import { Alert, Text } from '@mantine/core'
import { IconActivityHeartbeat } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useNow } from '../parts/now.ts'
import { duration, lateness, relative } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'
import { healthQuery, orphansOf } from './queries.ts'

const SECOND_MS = 1_000

/** One line: whether anything is stuck, how late the engine is, and how fresh that is. Whoever may not know sees none. */
export function HealthLine() {
  const { t } = useTranslation('health')
  const lang = useLang()
  const now = useNow()
  const { data } = useQuery({ ...healthQuery, retry: false })
  if (!data) return null
  const orphans = orphansOf(data)
  const words = [
    orphans === undefined ? t('line.never') : t('line.orphans', { count: orphans }),
    t('line.unrecorded', {
      time: data.moves.unrecorded ? duration(data.moves.unrecorded.seconds * SECOND_MS, lang) : t('none'),
    }),
    t('line.lag', { time: data.timers.worstLagMs === null ? t('none') : lateness(data.timers.worstLagMs, lang) }),
    t('line.checked', { time: relative(data.at, now, lang) }),
  ]
  return (
    <Alert
      color={data.state === 'failed' ? 'red' : data.state === 'slow' || orphans ? 'orange' : orphans === 0 ? 'teal' : 'gray'}
      icon={<IconActivityHeartbeat size={18} />}
      py={6}
      mb="sm"
    >
      <Text size="sm">
        <Link to="/health">{orphans === undefined && data.state === 'ok' ? t('line.running') : t(`whole.${data.state}`)}</Link> ·{' '}
        {words.join(' · ')}
      </Text>
    </Alert>
  )
}
