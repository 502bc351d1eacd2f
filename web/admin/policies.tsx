import { Badge, Button, Group, Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { processesQuery } from '../http/queries.ts'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { When } from '../parts/when.tsx'
import { useJoin, useTitles } from '../texts/use-lang.ts'
import { PolicyEditor } from './policy-editor.tsx'
import { usePolicyWords } from './policy-words.ts'
import { kinds, type Policy, policiesQuery } from './queries.ts'

const marks = { given: 'teal', inferred: 'blue', default: 'gray', demo: 'grape' } as const

/** Every limit and rule in force, with where its value comes from; each can be changed from an instant on. */
export function Policies() {
  const { t } = useTranslation('admin')
  const { pair } = useJoin()
  const { say, name } = useTitles()
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/admin' })
  const kind = kinds.find((one) => one === search.kind) ?? 'limits'
  const mayChange = useMe().may.policies.includes(kind)
  const found = useQuery(policiesQuery(kind, search.process))
  const processes = useQuery(processesQuery)
  const [edited, setEdited] = useState<Policy>()
  const words = usePolicyWords()
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/admin', search: { ...search, ...change }, replace: true })
  return (
    <>
      <Group mb="xs">
        <Select
          size="xs"
          w={150}
          label={t('policies.kindLabel')}
          allowDeselect={false}
          value={kind}
          onChange={(next) => set({ kind: next ?? undefined })}
          data={kinds.map((value) => ({ value, label: t(`policies.kind.${value}`) }))}
        />
        <Select
          size="xs"
          w={280}
          label={t('policies.process')}
          placeholder={t('policies.any')}
          clearable
          searchable
          value={search.process ?? null}
          onChange={(next) => set({ process: next ?? undefined })}
          data={(processes.data?.items ?? []).map(({ id, no, title }) => ({ value: id, label: `${no} ${say(title)}` }))}
        />
      </Group>
      <Loaded of={found} rows={8}>
        {({ items, names }) => (
          <Grid
            label={t(`policies.kind.${kind}`)}
            rows={items}
            id={({ id, version }) => `${id}@${version}`}
            minWidth={860}
            empty={{ title: t('policies.empty') }}
            columns={[
              {
                head: t('policies.name'),
                cell: (policy) => (
                  <>
                    <Text size="sm">{say(policy.title)}</Text>
                    <Group gap={4}>
                      <Text size="xs" c="dimmed">
                        {policy.id}
                      </Text>
                      {words.conditions(policy).map((word) => (
                        <Badge key={word} color="gray" size="sm">
                          {word}
                        </Badge>
                      ))}
                    </Group>
                  </>
                ),
              },
              { head: t('policies.value'), cell: (policy) => <Text size="sm">{words.brief(policy.kind, policy.spec)}</Text> },
              {
                head: t('policies.mark'),
                cell: ({ mark }) =>
                  mark && (
                    <Badge color={marks[mark as keyof typeof marks] ?? 'gray'}>{mark in marks ? t(`mark.${mark as 'given'}`) : mark}</Badge>
                  ),
              },
              { head: t('policies.version'), end: true, cell: ({ version }) => version },
              {
                head: t('policies.since'),
                cell: ({ validFrom, changedBy }) => (
                  <>
                    <When at={validFrom} absolute />
                    <Text size="xs" c="dimmed">
                      {changedBy ? name(names, changedBy) : t('policies.product')}
                    </Text>
                  </>
                ),
              },
              {
                head: '',
                cell: (policy) =>
                  mayChange && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => setEdited(policy)}
                      aria-label={pair(t('policies.edit'), `${say(policy.title)} ${policy.id}`)}
                    >
                      {t('policies.edit')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {edited && <PolicyEditor policy={edited} close={() => setEdited(undefined)} />}
    </>
  )
}
