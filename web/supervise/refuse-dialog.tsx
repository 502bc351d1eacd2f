import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TaskItem } from '../http/types.ts'
import { useTitles } from '../texts/use-lang.ts'

interface Props {
  item: TaskItem
  close: () => void
  /** @returns whether it took effect */
  refuse: (reason: string) => Promise<boolean>
}

/** A suspension, or more time, is not granted; whoever asked reads why. */
export function RefuseDialog({ item, close, refuse }: Props) {
  const { t } = useTranslation(['supervise', 'common', 'form'])
  const { say } = useTitles()
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const pause = item.pauseAsked !== null
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const done = await refuse(reason.trim())
    setBusy(false)
    if (done) close()
  }
  return (
    <Modal
      opened
      onClose={close}
      title={pause ? t('approval.refuseTitle') : t('approval.notGivenTitle')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack component="form" gap="sm" onSubmit={(event: FormEvent) => void submit(event)}>
        <Text size="sm">
          {item.orderNo} · {say(item.title)}
        </Text>
        <Textarea
          label={t('form:reason')}
          description={t('approval.refuseHint')}
          required={!pause}
          maxLength={400}
          autosize
          minRows={2}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="end">
          <Button variant="default" onClick={close}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" color="red" loading={busy}>
            {t('approval.refuse')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
