import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrors } from '../../parts/problem-text.ts'
import { Failure } from '../../parts/query-state.tsx'
import type { Person } from './queries.ts'
import { SpanFields, StretchList, useSpan } from './stretch-list.tsx'
import { useChange } from './use-change.ts'

/** When somebody is away: nothing is offered to him then. */
export function Absences({ person }: { person: Person }) {
  const { t } = useTranslation(['organisation', 'common'])
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const { instants, clear, ...span } = useSpan()
  const add = useChange(person, '/absences')
  const errors = fieldErrors(add.error)
  const close = () => {
    setOpen(false)
    setReason('')
    clear()
    add.reset()
  }
  return (
    <Stack gap="sm">
      <StretchList person={person} path="absences" items={person.absences} what={(one) => one.reason} empty={t('noAbsences')} />
      {!open && (
        <Button size="compact-sm" variant="default" onClick={() => setOpen(true)} style={{ alignSelf: 'start' }}>
          {t('addAbsence')}
        </Button>
      )}
      {open && (
        <Stack
          component="form"
          gap="xs"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            const [from, to] = instants() ?? []
            add.mutate({ from, to, reason }, { onSuccess: close })
          }}
        >
          <SpanFields {...span} errors={errors} end="to" />
          <TextInput
            label={t('reason')}
            required
            maxLength={200}
            value={reason}
            error={errors.reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {add.error && Object.keys(errors).length === 0 && <Failure error={add.error} />}
          <Group justify="end" gap="xs">
            <Button size="xs" variant="default" onClick={close}>
              {t('common:cancel')}
            </Button>
            <Button size="xs" type="submit" loading={add.isPending}>
              {t('addAbsence')}
            </Button>
          </Group>
        </Stack>
      )}
    </Stack>
  )
}
