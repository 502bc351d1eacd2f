import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import { post } from '../../http/client.ts'
import { Failure } from '../../parts/query-state.tsx'
import { useTitles } from '../../texts/use-lang.ts'
import type { PasswordMade, Person } from './queries.ts'
import { Secret } from './secret.tsx'
import { useChange } from './use-change.ts'

/** A new password; to let somebody go, or take him back. Each is asked for twice: it ends what is open. */
export function PersonMoves({ person }: { person: Person }) {
  const { t } = useTranslation(['organisation', 'common'])
  const { say } = useTitles()
  const own = useMe().id === person.id
  const [asked, setAsked] = useState<'reset' | 'letGo'>()
  const change = useChange(person)
  const reset = useMutation({
    mutationFn: () => post<PasswordMade>(`/people/${person.id}/password`, {}),
    onSuccess: () => setAsked(undefined),
  })
  const name = say(person.name)
  const doing = asked === 'reset' ? reset : change
  const go = () => (asked === 'reset' ? reset.mutate() : change.mutate({ active: false }, { onSuccess: () => setAsked(undefined) }))
  return (
    <>
      {person.active ? (
        <>
          <Button size="xs" variant="default" onClick={() => setAsked('reset')}>
            {t('reset')}
          </Button>
          {!own && (
            <Button size="xs" variant="light" color="red" onClick={() => setAsked('letGo')}>
              {t('letGo')}
            </Button>
          )}
        </>
      ) : (
        <Button size="xs" loading={change.isPending} onClick={() => change.mutate({ active: true })}>
          {t('takeBack')}
        </Button>
      )}
      <Modal
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={asked && t(asked)}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <Stack>
          <Text size="sm">{asked === 'reset' ? t('resetText', { name }) : t('letGoText', { name, count: person.openTasks })}</Text>
          {doing.error && <Failure error={doing.error} />}
          <Group justify="end">
            <Button variant="default" onClick={() => setAsked(undefined)}>
              {t('common:cancel')}
            </Button>
            <Button color={asked === 'letGo' ? 'red' : undefined} loading={doing.isPending} onClick={go} data-autofocus>
              {asked && t(asked)}
            </Button>
          </Group>
        </Stack>
      </Modal>
      {reset.data?.password && <Secret name={name} password={reset.data.password} close={reset.reset} />}
    </>
  )
}
