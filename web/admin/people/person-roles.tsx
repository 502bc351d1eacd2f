import { Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import { fieldErrors } from '../../parts/problem-text.ts'
import { Failure } from '../../parts/query-state.tsx'
import { useTitles } from '../../texts/use-lang.ts'
import { Edit } from './edit.tsx'
import { Save } from './person-data.tsx'
import { Roles } from './people-list.tsx'
import type { Person } from './queries.ts'
import { grantsOf, type RoleRow, RoleRows, rowOf } from './role-rows.tsx'
import { useChange } from './use-change.ts'

/** What somebody may do, and where. Nobody changes his own. */
export function PersonRoles({ person }: { person: Person }) {
  const { t } = useTranslation('organisation')
  const { name } = useTitles()
  const own = useMe().id === person.id
  const now = () => person.roles.map(({ role, unit }) => rowOf(role, { value: unit, label: name(person.names, unit) }))
  const [rows, setRows] = useState<RoleRow[]>()
  const change = useChange(person)
  if (own)
    return (
      <Stack gap="xs">
        <Roles roles={person.roles} unit={person.unit} names={person.names} />
        <Text size="xs" c="dimmed">
          {t('ownRoles')}
        </Text>
      </Stack>
    )
  return (
    <Stack
      component="form"
      gap="sm"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        change.mutate({ roles: grantsOf(rows ?? []) }, { onSuccess: () => setRows(undefined) })
      }}
    >
      {rows === undefined ? (
        <Shown person={person} edit={() => setRows(now())} />
      ) : (
        <RoleRows
          rows={rows}
          set={setRows}
          unit={{ value: person.unit, label: name(person.names, person.unit) }}
          error={fieldErrors(change.error).roles}
        />
      )}
      {change.error && <Failure error={change.error} />}
      <Save busy={change.isPending} nothing={rows === undefined} undo={() => setRows(undefined)} label={t('roles')} />
    </Stack>
  )
}

function Shown({ person, edit }: { person: Person; edit: () => void }) {
  const { t } = useTranslation('organisation')
  return (
    <>
      <Roles roles={person.roles} unit={person.unit} names={person.names} />
      <Edit label={t('roles')} edit={edit} />
    </>
  )
}
