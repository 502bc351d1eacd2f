import { Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { money } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'

/** What of a budget is spent or promised. It can't be exceeded. */
export function Budget({ spent, budget }: { spent: number; budget: number }) {
  const { t } = useTranslation('retention')
  const lang = useLang()
  const words = t('spent', { spent: money(spent, lang), budget: money(budget, lang) })
  return (
    <div>
      <Progress value={budget === 0 ? 0 : (spent / budget) * 100} aria-label={words} />
      <Text size="xs" c="dimmed">
        {words} · {t('left', { left: money(budget - spent, lang) })}
      </Text>
    </div>
  )
}
