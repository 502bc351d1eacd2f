import { Button, Paper, Radio, Stack, Textarea, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newKey, post, request } from '../http/client.ts'
import type { Facts } from '../http/types.ts'
import { Fields } from '../parts/form/fields.tsx'
import { fieldErrors } from '../parts/problem-text.ts'
import { Failure } from '../parts/query-state.tsx'
import { tell } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import type { Track } from './track-page.tsx'

interface Props {
  token: string
  asked: Track['asked'][number]
}

/** What the customer is asked: to choose an answer, with the form that belongs to it, or to sign. */
export function Asked({ token, asked }: Props) {
  const { t } = useTranslation('track')
  const { say } = useTitles()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<string>('')
  const [values, setValues] = useState<Facts>({})
  const [opinion, setOpinion] = useState('')
  // The same answer sent again counts once; another answer is another.
  const key = useMemo(newKey, [chosen, values, opinion])
  const { order, task, party } = asked
  const choices = party === null ? asked.outcomes : asked.answers
  const form = asked.outcomes.find(({ id }) => id === chosen)?.form ?? {}
  const answer = useMutation({
    mutationFn: () =>
      post(
        `/track/${token}/commands`,
        party === null
          ? { type: 'complete', order, task, outcome: chosen, form: values }
          : { type: 'sign', order, task, party, answer: chosen, ...(opinion.trim() && { opinion: opinion.trim() }) },
        { key },
      ),
    onSuccess: () => tell(t('sent')),
    onSettled: () => client.invalidateQueries({ queryKey: ['track', token] }),
  })
  const upload = async (file: File): Promise<string> => {
    const body = new FormData()
    body.set('task', task)
    body.set('order', order)
    body.set('file', file)
    return (await request<{ id: string }>('POST', `/track/${token}/attachments`, { body })).id
  }
  const errors = fieldErrors(answer.error)
  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label={t('asked')}
      style={{ borderInlineStart: '4px solid var(--mantine-primary-color-filled)' }}
    >
      <Stack
        component="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          answer.mutate()
        }}
      >
        <Title order={2}>{say(asked.ask)}</Title>
        <Radio.Group value={chosen} onChange={setChosen} aria-label={say(asked.ask)}>
          <Stack gap="xs">
            {choices.map(({ id, title }) => (
              <Radio key={id} value={id} label={say(title)} size="md" />
            ))}
          </Stack>
        </Radio.Group>
        {chosen && party === null && <Fields form={form} values={values} onChange={setValues} errors={errors} upload={upload} />}
        {party !== null && (
          <Textarea label={t('opinion')} autosize value={opinion} onChange={(event) => setOpinion(event.currentTarget.value)} />
        )}
        {answer.error && <Failure error={answer.error} />}
        <Button type="submit" size="md" fullWidth disabled={!chosen} loading={answer.isPending}>
          {t('send')}
        </Button>
      </Stack>
    </Paper>
  )
}
