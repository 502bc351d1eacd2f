import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newKey, post } from '../http/client.ts'
import { PersonPicker } from '../parts/form/pickers.tsx'
import type { Choice } from '../parts/form/picker.tsx'
import { Failure } from '../parts/query-state.tsx'
import { tell } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import type { TimelineTask } from './queries.ts'

export interface Moving {
  task: TimelineTask
  /** On whom it was dropped. */
  to?: Choice
}

/** A task goes to somebody else; the order is told why. */
export function MoveDialog({ task, to, close }: Moving & { close: () => void }) {
  const { t } = useTranslation(['people', 'common'])
  const { say } = useTitles()
  const client = useQueryClient()
  const [target, setTarget] = useState<Choice | null>(to ?? null)
  const [reason, setReason] = useState('')
  const [key] = useState(newKey)
  const move = useMutation({
    mutationFn: () =>
      post(`/orders/${task.order}/commands`, { type: 'reassign', task: task.task, person: target!.value, reason: reason.trim() }, { key }),
    onSuccess: async () => {
      tell(t('moved', { task: say(task.title), name: target!.label }))
      close()
      await client.invalidateQueries({ queryKey: ['load'] })
    },
  })
  return (
    <Modal opened onClose={close} title={t('move', { task: say(task.title) })} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <Stack
        component="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          move.mutate()
        }}
      >
        <PersonPicker label={t('moveTo')} value={target} onChange={setTarget} required autoFocus={!to} />
        <Textarea
          label={t('reason')}
          required
          maxLength={400}
          autosize
          value={reason}
          data-autofocus={to ? true : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {move.error && <Failure error={move.error} />}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={move.isPending} disabled={!target || reason.trim() === ''}>
            {t('common:save')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
