import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import { fieldErrors } from '../../parts/problem-text.ts'
import { Failure } from '../../parts/query-state.tsx'
import { useJoin, useTitles } from '../../texts/use-lang.ts'
import { bodyOf, type Draft, PersonFields } from './person-fields.tsx'
import type { Person } from './queries.ts'
import { useChange } from './use-change.ts'

/** Name, unit, region, how to reach him. Only what differs is sent: what others change meanwhile stays. */
export function PersonData({ person }: { person: Person }) {
  const { t } = useTranslation('organisation')
  const { name } = useTitles()
  const own = useMe().id === person.id
  const now: Draft = {
    login: person.login,
    nameZh: person.name.zh,
    nameEn: person.name.en,
    phone: person.phone ?? '',
    email: person.email ?? '',
    unit: { value: person.unit, label: name(person.names, person.unit) },
    region: person.region,
    lang: person.lang,
    capacity: person.capacity,
  }
  const [changed, setChanged] = useState<Partial<Draft>>({})
  const change = useChange(person)
  const before = bodyOf(now)
  const after = bodyOf({ ...now, ...changed })
  const names = Object.keys(before) as (keyof typeof before)[]
  const body = Object.fromEntries(names.filter((field) => before[field] !== after[field]).map((field) => [field, after[field]]))
  const nothing = Object.keys(body).length === 0
  return (
    <Stack
      component="form"
      gap="sm"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        change.mutate(body, { onSuccess: () => setChanged({}) })
      }}
    >
      <PersonFields
        draft={{ ...now, ...changed }}
        own={own}
        set={(part) => setChanged({ ...changed, ...part })}
        errors={fieldErrors(change.error)}
      />
      {change.error && <Failure error={change.error} />}
      <Save busy={change.isPending} nothing={nothing} undo={() => setChanged({})} label={t('data')} />
    </Stack>
  )
}

interface SaveProps {
  busy: boolean
  /** Nothing differs: there is nothing to save. */
  nothing: boolean
  undo: () => void
  label: string
}

/** To save, or to take back what has been changed. */
export function Save({ busy, nothing, undo, label }: SaveProps) {
  const { t } = useTranslation()
  const { pair } = useJoin()
  if (nothing) return null
  return (
    <Group justify="end" gap="xs">
      <Button size="xs" variant="default" onClick={undo}>
        {t('cancel')}
      </Button>
      <Button size="xs" type="submit" loading={busy} aria-label={pair(t('save'), label)}>
        {t('save')}
      </Button>
    </Group>
  )
}
