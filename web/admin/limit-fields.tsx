import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useTitles } from '../texts/use-lang.ts'
import { usePolicyWords } from './policy-words.ts'
import { policiesQuery } from './queries.ts'

interface Props {
  spec: Record<string, unknown>
  set: (spec: Record<string, unknown>) => void
}

/** What a limit says: how long, counted by which calendar, and who is told as it runs out. */
export function LimitFields({ spec, set }: Props) {
  const { t } = useTranslation('admin')
  const { say } = useTitles()
  const words = usePolicyWords()
  const ladders = useQuery(policiesQuery('ladders')).data?.items ?? []
  const budget = typeof spec['budget'] === 'string' ? spec['budget'] : ''
  const read = budget && words.value('budget', budget)
  return (
    <>
      <TextInput
        label={words.field('budget')}
        description={read && read !== budget ? `= ${read}` : t('edit.budgetHint')}
        value={budget}
        data-autofocus
        onChange={(event) => set({ ...spec, budget: event.currentTarget.value.trim() || null })}
      />
      <Select
        label={words.field('calendar')}
        allowDeselect={false}
        value={String(spec['calendar'])}
        data={['W', 'C'].map((value) => ({ value, label: words.value('calendar', value) }))}
        onChange={(calendar) => set({ ...spec, calendar })}
      />
      <Select
        label={words.field('ladder')}
        allowDeselect={false}
        value={String(spec['ladder'])}
        data={ladders.map(({ id, title }) => ({ value: id, label: say(title) }))}
        onChange={(ladder) => set({ ...spec, ladder })}
      />
    </>
  )
}
