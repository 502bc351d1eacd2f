import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { fieldErrors } from '../parts/problem-text.ts'
import { Failure } from '../parts/query-state.tsx'
import { tell } from '../parts/tell.ts'
import type { View, ViewPage } from './queries.ts'
import { ShareSelect } from './share-select.tsx'

interface Props {
  page: ViewPage
  search: Readonly<Record<string, string | undefined>>
  known: readonly View[]
  close: () => void
}

/** Keeps what stands in the address under a name, for oneself or for the people of a unit. */
export function SaveView({ page, search, known, close }: Props) {
  const { t } = useTranslation(['views', 'common'])
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [unit, setUnit] = useState<string | null>(null)
  const query = Object.fromEntries(Object.entries(search).filter(([, value]) => value)) as Record<string, string>
  const save = useMutation({
    mutationFn: () => post<View>('/views', { page, name, unit, query }),
    onSuccess: async (view) => {
      tell(t('saved', { name: view.name }))
      close()
      await client.invalidateQueries({ queryKey: ['views'] })
    },
  })
  const errors = fieldErrors(save.error)
  const filters = Object.entries(query)
    .map(([field, value]) => `${field}=${value}`)
    .join(' \u00b7 ')
  return (
    <Modal opened onClose={close} title={t('save')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Stack
        component="form"
        gap="sm"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <TextInput
          label={t('name')}
          required
          maxLength={80}
          data-autofocus
          value={name}
          error={errors.name}
          description={known.some((view) => view.name === name.trim()) ? t('replaced') : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ShareSelect value={unit} onChange={setUnit} error={errors.unit} />
        <Text size="xs" c="dimmed" style={{ wordBreak: 'break-word' }}>
          {filters || t('noFilters')}
        </Text>
        {save.error && Object.keys(errors).length === 0 && <Failure error={save.error} />}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
