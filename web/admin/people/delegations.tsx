import { Button, Group, MultiSelect, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoleTitles } from '../../order/words.ts'
import type { Choice } from '../../parts/form/picker.tsx'
import { PersonPicker } from '../../parts/form/pickers.tsx'
import { fieldErrors } from '../../parts/problem-text.ts'
import { Failure } from '../../parts/query-state.tsx'
import { useTitles } from '../../texts/use-lang.ts'
import type { Person } from './queries.ts'
import { SpanFields, StretchList, useSpan } from './stretch-list.tsx'
import { useChange } from './use-change.ts'

/** Who acts for somebody while he is away, in all of his roles or in some. */
export function Delegations({ person }: { person: Person }) {
  const { t } = useTranslation(['organisation', 'common'])
  const { name } = useTitles()
  const role = useRoleTitles()
  const [open, setOpen] = useState(false)
  const [to, setTo] = useState<Choice | null>(null)
  const [roles, setRoles] = useState<string[]>([])
  const { instants, clear, ...span } = useSpan()
  const add = useChange(person, '/delegations')
  const errors = fieldErrors(add.error)
  const close = () => {
    setOpen(false)
    setTo(null)
    setRoles([])
    clear()
    add.reset()
  }
  const held = [...new Set(person.roles.map((grant) => grant.role))]
  const what = (one: Person['delegations'][number]) =>
    `${name(person.names, one.delegate)} \u00b7 ${one.roles.length === 0 ? t('allRoles') : one.roles.map(role).join(', ')}`
  return (
    <Stack gap="sm">
      <StretchList person={person} path="delegations" items={person.delegations} what={what} empty={t('noDelegations')} />
      {!open && (
        <Button size="compact-sm" variant="default" onClick={() => setOpen(true)} style={{ alignSelf: 'start' }}>
          {t('addDelegation')}
        </Button>
      )}
      {open && (
        <Stack
          component="form"
          gap="xs"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            const [from, until] = instants() ?? []
            add.mutate({ to: to?.value, from, until, roles }, { onSuccess: close })
          }}
        >
          <PersonPicker label={t('delegate')} required value={to} onChange={setTo} error={errors.to} />
          <SpanFields {...span} errors={errors} end="until" />
          <MultiSelect
            label={t('inRoles')}
            placeholder={roles.length === 0 ? t('allRoles') : undefined}
            data={held.map((value) => ({ value, label: role(value) }))}
            value={roles}
            error={errors.roles}
            onChange={setRoles}
          />
          {add.error && Object.keys(errors).length === 0 && <Failure error={add.error} />}
          <Group justify="end" gap="xs">
            <Button size="xs" variant="default" onClick={close}>
              {t('common:cancel')}
            </Button>
            <Button size="xs" type="submit" loading={add.isPending}>
              {t('addDelegation')}
            </Button>
          </Group>
        </Stack>
      )}
    </Stack>
  )
}
