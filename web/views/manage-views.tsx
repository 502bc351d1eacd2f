import { ActionIcon, Button, Group, Modal, Paper, Stack, Text, TextInput } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post, request } from '../http/client.ts'
import { fieldErrors } from '../parts/problem-text.ts'
import { Failure } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import { type View, viewsQuery } from './queries.ts'
import { ShareSelect } from './share-select.tsx'

interface Props {
  search: Readonly<Record<string, string | undefined>>
  views: readonly View[]
  close: () => void
}

/** The own views of a page: renamed, shared, given the filters of now, removed. */
export function ManageViews({ search, views, close }: Props) {
  const { t } = useTranslation(['views', 'common'])
  const { name } = useTitles()
  const client = useQueryClient()
  const names = useQuery(viewsQuery).data?.names ?? {}
  const [changed, setChanged] = useState<string>()
  const remove = useMutation({
    mutationFn: (id: string) => request('DELETE', `/views/${id}`),
    onSuccess: () => tell(t('removed')),
    onError: tellProblem,
    onSettled: () => client.invalidateQueries({ queryKey: ['views'] }),
  })
  return (
    <Modal opened onClose={close} title={t('manage')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Stack gap="xs">
        {views.length === 0 && <Text size="sm">{t('none')}</Text>}
        {views.map((view) => (
          <Paper key={view.id} withBorder p="xs">
            {changed === view.id ? (
              <OneView view={view} search={search} close={() => setChanged(undefined)} />
            ) : (
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <div style={{ minWidth: 0 }}>
                  <Text size="sm" fw={500}>
                    {view.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {view.unit === null ? t('private') : t('sharedWith', { unit: name(names, view.unit) })}
                  </Text>
                </div>
                <Group gap={4} wrap="nowrap">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('change', { name: view.name })}
                    onClick={() => setChanged(view.id)}
                  >
                    <IconPencil size={16} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="red"
                    aria-label={t('remove', { name: view.name })}
                    loading={remove.isPending && remove.variables === view.id}
                    onClick={() => remove.mutate(view.id)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Group>
              </Group>
            )}
          </Paper>
        ))}
      </Stack>
    </Modal>
  )
}

function OneView({ view, search, close }: { view: View; search: Props['search']; close: () => void }) {
  const { t } = useTranslation(['views', 'common'])
  const client = useQueryClient()
  const [name, setName] = useState(view.name)
  const [unit, setUnit] = useState(view.unit)
  const change = useMutation({
    mutationFn: (more: { query?: Record<string, string> }) => post<View>(`/views/${view.id}`, { name, unit, ...more }),
    onSuccess: async ({ name: now }) => {
      tell(t('saved', { name: now }))
      close()
      await client.invalidateQueries({ queryKey: ['views'] })
    },
  })
  const errors = fieldErrors(change.error)
  const query = Object.fromEntries(Object.entries(search).filter(([, value]) => value)) as Record<string, string>
  return (
    <Stack
      component="form"
      gap="xs"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        change.mutate({})
      }}
    >
      <TextInput
        label={t('name')}
        required
        maxLength={80}
        value={name}
        error={errors.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ShareSelect value={unit} onChange={setUnit} error={errors.unit} />
      {change.error && Object.keys(errors).length === 0 && <Failure error={change.error} />}
      <Group justify="space-between" gap="xs">
        <Button size="compact-sm" variant="subtle" onClick={() => change.mutate({ query })}>
          {t('update')}
        </Button>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={close}>
            {t('common:cancel')}
          </Button>
          <Button size="xs" type="submit" loading={change.isPending}>
            {t('common:save')}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}
