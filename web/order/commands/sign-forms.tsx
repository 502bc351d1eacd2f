import { Checkbox, Radio, Select, Stack, Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Choice } from '../../parts/form/picker.tsx'
import { PersonPicker } from '../../parts/form/pickers.tsx'
import { useTitles } from '../../texts/use-lang.ts'
import { useWords } from '../words.ts'
import type { FormProps } from './dialog.tsx'

export function SignForm({ process, option, draft, set, errors }: FormProps) {
  const { t } = useTranslation(['order', 'form'])
  const words = useWords(process)
  const task = option.task!
  const parties = option.parties ?? []
  useEffect(() => {
    set({ party: parties[0]?.id })
  }, [])
  const party = parties.find(({ id }) => id === draft.party) ?? parties[0]
  return (
    <>
      {parties.length > 1 && (
        <Select
          label={t('give.signFor')}
          allowDeselect={false}
          data={parties.map(({ id }) => ({ value: id, label: words.party(task, id) }))}
          value={party?.id ?? null}
          onChange={(value) => set({ party: value ?? undefined, answer: undefined })}
        />
      )}
      <Radio.Group
        label={parties.length > 1 ? t('form:outcome') : words.party(task, party?.id ?? '')}
        required
        value={(draft.answer as string | undefined) ?? ''}
        error={errors.answer}
        onChange={(answer) => set({ answer })}
      >
        <Stack gap={6} mt={4}>
          {party?.answers.map((answer, i) => (
            <Radio key={answer} value={answer} label={words.answer(answer)} data-autofocus={i === 0 || undefined} />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={t('give.opinion')}
        autosize
        minRows={2}
        maxRows={8}
        error={errors.opinion}
        value={(draft.opinion as string | undefined) ?? ''}
        onChange={(event) => set({ opinion: event.currentTarget.value || undefined })}
      />
    </>
  )
}

/** A party that was not foreseen bears the id of its person. */
export function AddSignerForm({ draft, set, errors }: FormProps) {
  const { t } = useTranslation('order')
  const [person, setPerson] = useState<Choice | null>(null)
  return (
    <>
      <PersonPicker
        label={t('give.signer')}
        required
        autoFocus
        value={person}
        error={errors.person ?? errors.party}
        onChange={(choice) => {
          setPerson(choice)
          set({ person: choice?.value, party: choice?.value })
        }}
      />
      <Checkbox
        label={t('give.mandatory')}
        checked={draft.mandatory === true}
        onChange={(event) => set({ mandatory: event.currentTarget.checked || undefined })}
      />
    </>
  )
}

export function RemoveSignerForm({ order, process, option, draft, set, errors }: FormProps) {
  const { t } = useTranslation('order')
  const words = useWords(process)
  const { name } = useTitles()
  const asked = order.tasks.find(({ task }) => task === option.task)?.parties ?? []
  const label = (id: string) => {
    const person = asked.find(({ party }) => party === id)?.person
    return person === id ? name(order.names, id) : words.party(option.task!, id)
  }
  return (
    <Select
      label={t('give.removeWhom')}
      required
      data-autofocus
      data={(option.parties ?? []).map(({ id }) => ({ value: id, label: label(id) }))}
      value={(draft.party as string | undefined) ?? null}
      error={errors.party}
      onChange={(party) => set({ party: party ?? undefined })}
    />
  )
}
