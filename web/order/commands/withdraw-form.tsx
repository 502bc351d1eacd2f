import { Alert, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../parts/query-state.tsx'
import { useJoin, useTitles } from '../../texts/use-lang.ts'
import { previewOf } from '../give.ts'
import type { Preview } from '../queries.ts'
import { useProcessTitles } from '../words.ts'
import type { FormProps } from './dialog.tsx'

/** A withdrawal tells before what it closes, what it undoes and what stays. */
export function WithdrawForm({ order, set }: FormProps) {
  const preview = useQuery({
    queryKey: ['order', order.id, 'withdrawal', order.version],
    queryFn: () => previewOf(order.id, { type: 'withdraw', reason: '?' }),
    retry: false,
  })
  const seq = preview.data?.seq
  // What was shown is what is done: a change in between is refused.
  useEffect(() => {
    set({ version: seq })
  }, [seq])
  return <Loaded of={preview}>{({ withdrawal }) => (withdrawal ? <Account {...withdrawal} /> : null)}</Loaded>
}

function Account({ closes, undone, stays, goesOn, agree }: NonNullable<Preview['withdrawal']>) {
  const { t } = useTranslation('order')
  const { aside, list, pair } = useJoin()
  const { say } = useTitles()
  const title = useProcessTitles()
  const parts = [
    {
      name: t('give.preview.closes'),
      lines: closes.map(({ no, order, process, tasks }) =>
        [`${no ?? order} ${title(process)}`, ...tasks.map((task) => say(task.title))].join(' · '),
      ),
    },
    { name: t('give.preview.undone'), lines: undone.map((one) => say(one.title)) },
    { name: t('give.preview.stays'), lines: stays.map((one) => pair(say(one.title), say(one.outcomeTitle))) },
    {
      name: t('give.preview.goesOn'),
      lines: goesOn.map(({ no, order, process, why }) => aside(`${no ?? order} ${title(process)}`, t(`give.preview.why.${why}`))),
    },
  ]
  return (
    <Stack gap="xs" role="group" aria-label={t('give.preview.title')}>
      {!agree.anySupervisor && (
        <Alert color="orange" py={6}>
          {t('give.preview.agree', { roles: list(agree.roles.map((role) => say(role.title))) })}
        </Alert>
      )}
      {parts
        .filter(({ lines }) => lines.length > 0)
        .map(({ name, lines }) => (
          <div key={name}>
            <Text size="sm" fw={600}>
              {name}
            </Text>
            <ul className="plain-list">
              {lines.map((line, i) => (
                <Text component="li" size="sm" key={`${line}${i}`}>
                  {line}
                </Text>
              ))}
            </ul>
          </div>
        ))}
      {undone.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('give.preview.nothing')}
        </Text>
      )}
    </Stack>
  )
}
