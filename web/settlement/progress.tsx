import { Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { duration } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'
import type { RunList } from './queries.ts'

/** How far a run is, how fast it goes, and how long it will take. */
export function RunProgress({ of }: { of: RunList['items'][number]['progress'] }) {
  const { t } = useTranslation('settlement')
  const lang = useLang()
  if (of.total === 0) return null
  const words = [
    t('run.rows', { done: of.done.toLocaleString(), total: of.total.toLocaleString() }),
    of.rate !== null && of.done < of.total && t('run.rate', { rate: of.rate.toLocaleString() }),
    of.leftMs !== null && of.done < of.total && t('run.left', { time: duration(of.leftMs, lang) }),
  ].filter(Boolean)
  return (
    <div>
      <Progress value={(of.done / of.total) * 100} aria-label={words.join(', ')} />
      <Text size="xs" c="dimmed">
        {words.join(' · ')}
      </Text>
    </div>
  )
}
