import { Button, Group, Paper, Stack, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import { post } from '../../http/client.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { fieldErrors } from '../../parts/problem-text.ts'
import { Failure } from '../../parts/query-state.tsx'
import { tell } from '../../parts/tell.ts'
import { useTitles } from '../../texts/use-lang.ts'
import { Back } from './back.tsx'
import { bodyOf, type Draft, PersonFields } from './person-fields.tsx'
import { type PersonIn, type PersonMade, refresh } from './queries.ts'
import { grantsOf, type RoleRow, RoleRows, rowOf } from './role-rows.tsx'
import { Secret } from './secret.tsx'

/** Somebody is taken in; the first password is shown once. */
export function NewPersonPage() {
  const { t } = useTranslation(['organisation', 'common'])
  const { say } = useTitles()
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const home = { value: me.unit.id, label: say(me.unit.name) }
  const [draft, setDraft] = useState<Draft>({
    login: '',
    nameZh: '',
    nameEn: '',
    phone: '',
    email: '',
    unit: home,
    region: me.region.path,
    lang: 'zh',
    capacity: null,
  })
  const [roles, setRoles] = useState<RoleRow[]>(() => [rowOf(null, home)])
  const create = useMutation({
    mutationFn: () =>
      post<PersonMade>('/people', { ...bodyOf(draft), login: draft.login.trim(), roles: grantsOf(roles) } satisfies PersonIn),
    onSuccess: async ({ person }) => {
      tell(t('made', { name: say(person.name) }))
      await refresh(client)
    },
  })
  const errors = fieldErrors(create.error)
  const made = create.data
  const leave = () => void navigate({ to: '/admin/people/$person', params: { person: made!.person.id } })
  return (
    <>
      <Back />
      <PageTitle title={t('newPerson')} />
      <Paper
        withBorder
        p="md"
        maw={860}
        component="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Stack>
          <PersonFields
            fresh
            draft={draft}
            errors={errors}
            set={(part) => {
              // A role that nobody has placed yet goes where the person goes.
              if (part.unit) setRoles(roles.map((row) => (row.unit?.value === draft.unit?.value ? { ...row, unit: part.unit! } : row)))
              setDraft({ ...draft, ...part })
            }}
          />
          <section>
            <Title order={2} mb={4}>
              {t('roles')}
            </Title>
            <RoleRows rows={roles} set={setRoles} unit={draft.unit} error={errors.roles} />
          </section>
          {create.error && <Failure error={create.error} />}
          <Group justify="end">
            <Button variant="default" onClick={() => void navigate({ to: '/admin', search: { tab: 'people' } })}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t('create')}
            </Button>
          </Group>
        </Stack>
      </Paper>
      {made?.password && <Secret name={say(made.person.name)} password={made.password} close={leave} />}
    </>
  )
}
