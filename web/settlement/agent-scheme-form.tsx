import { Button, Group, Input, SegmentedControl, Select, SimpleGrid, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { DateInput } from '../parts/dates.tsx'
import { fieldErrors } from '../parts/problem-text.ts'
import { Failure } from '../parts/query-state.tsx'
import { tell } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import { agentQuery, type Agent, schemesQuery } from './queries.ts'

const kinds = ['commission', 'sharing'] as const
const ranks = ['first', 'substitute'] as const

/** Which scheme an agent has from a day on, as first choice or for where that does not fit. */
export function AgentSchemeForm({ agent, close }: { agent: string; close: () => void }) {
  const { t } = useTranslation(['settlement', 'common'])
  const { say } = useTitles()
  const client = useQueryClient()
  const [draft, setDraft] = useState({
    kind: 'commission' as (typeof kinds)[number],
    rank: 'first' as (typeof ranks)[number],
    scheme: null as string | null,
    validFrom: '',
    validTo: '',
  })
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  // An agent has composite schemes alone, and only those that are in force.
  const schemes = (useQuery(schemesQuery).data?.items ?? []).filter(
    ({ nature, kind, released }) => nature === 'composite' && kind === draft.kind && released !== null,
  )
  const save = useMutation({
    mutationFn: () => {
      const { validTo, ...rest } = draft
      return post<Agent>(`/agents/${agent}/schemes`, { ...rest, ...(validTo && { validTo }) })
    },
    onSuccess: async (whole) => {
      client.setQueryData(agentQuery(agent).queryKey, whole)
      tell(t('agent.said'))
      close()
      await client.invalidateQueries({ queryKey: ['agent', agent] })
    },
  })
  const errors = fieldErrors(save.error)
  return (
    <Stack
      component="form"
      gap="xs"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Group gap="md">
        <div>
          <Input.Label labelElement="div" id="scheme-kind">
            {t('column.kind')}
          </Input.Label>
          <SegmentedControl
            aria-labelledby="scheme-kind"
            value={draft.kind}
            onChange={(kind) => set({ kind, scheme: null })}
            data={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          />
        </div>
        <div>
          <Input.Label labelElement="div" id="scheme-rank">
            {t('column.rank')}
          </Input.Label>
          <SegmentedControl
            aria-labelledby="scheme-rank"
            value={draft.rank}
            onChange={(rank) => set({ rank })}
            data={ranks.map((value) => ({ value, label: t(`rank.${value}`) }))}
          />
        </div>
      </Group>
      <Select
        label={t('column.scheme')}
        required
        searchable
        data={schemes.map(({ id, name }) => ({ value: id, label: say(name) }))}
        value={draft.scheme}
        error={errors.scheme}
        onChange={(scheme) => set({ scheme })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        <DateInput
          label={t('agent.from')}
          required
          valueFormat="YYYY-MM-DD"
          value={draft.validFrom || null}
          error={errors.validFrom}
          onChange={(day) => set({ validFrom: day ?? '' })}
        />
        <DateInput
          label={t('agent.to')}
          clearable
          placeholder={t('forGood')}
          valueFormat="YYYY-MM-DD"
          value={draft.validTo || null}
          error={errors.validTo}
          onChange={(day) => set({ validTo: day ?? '' })}
        />
      </SimpleGrid>
      {save.error && <Failure error={save.error} />}
      <Group justify="end" gap="xs">
        <Button size="xs" variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button size="xs" type="submit" loading={save.isPending}>
          {t('common:save')}
        </Button>
      </Group>
    </Stack>
  )
}
