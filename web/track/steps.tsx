import { Text, Timeline } from '@mantine/core'
import { IconCheck, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { clockTime } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import type { Track } from './track-page.tsx'

/** The way of the order, as far as it has come. */
export function Steps({ steps }: { steps: Track['steps'] }) {
  const { t } = useTranslation('track')
  const { say } = useTitles()
  const lang = useLang()
  if (steps.length === 0) return <Text size="sm">{t('begun')}</Text>
  const reached = steps.reduce((last, { state }, i) => (state === 'upcoming' ? last : i), -1)
  return (
    <Timeline active={reached} bulletSize={24} lineWidth={2}>
      {steps.map((step, i) => (
        <Timeline.Item
          key={`${i} ${step.title.zh}`}
          title={say(step.title)}
          aria-label={t('step', { n: i + 1, all: steps.length })}
          bullet={step.state === 'done' ? <IconCheck size={13} /> : step.state === 'now' ? <IconPlayerPlay size={12} /> : undefined}
        >
          <Text size="sm" c="dimmed">
            {t(step.state)}
            {step.at && ` · ${clockTime(step.at, lang)}`}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  )
}
