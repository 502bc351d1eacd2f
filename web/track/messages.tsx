import { Button, Paper, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { Failure } from '../parts/query-state.tsx'
import { When } from '../parts/when.tsx'
import type { Track } from './track-page.tsx'

interface Props {
  token: string
  messages: Track['messages']
  open: boolean
}

/** What was said, and a way to say something. */
export function Messages({ token, messages, open }: Props) {
  const { t } = useTranslation('track')
  const client = useQueryClient()
  const [text, setText] = useState('')
  const say = useMutation({
    mutationFn: () => post(`/track/${token}/commands`, { type: 'comment', text: text.trim() }),
    onSuccess: () => {
      setText('')
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['track', token] }),
  })
  if (messages.length === 0 && !open) return null
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} mb="xs">
        {t('messages')}
      </Title>
      <Stack gap="xs">
        {messages.map(({ at, from, text: said }) => (
          <div key={`${at} ${said}`}>
            <Text size="xs" c="dimmed">
              {t(from)} · <When at={at} />
            </Text>
            <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
              {said}
            </Text>
          </div>
        ))}
        {open && (
          <form
            onSubmit={(event: FormEvent) => {
              event.preventDefault()
              say.mutate()
            }}
          >
            <Textarea label={t('write')} autosize minRows={2} value={text} onChange={(event) => setText(event.currentTarget.value)} />
            {say.error && <Failure error={say.error} />}
            <Button type="submit" mt="xs" variant="light" disabled={text.trim() === ''} loading={say.isPending}>
              {t('send')}
            </Button>
          </form>
        )}
      </Stack>
    </Paper>
  )
}
