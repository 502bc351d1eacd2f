import { Alert, Button, Group, List, Text } from '@mantine/core'
import { IconCloudUpload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { When } from '../parts/when.tsx'
import { forget } from './outbox.ts'
import { useOutbox } from './use-outbox.ts'

/** What waits to be sent; and of what was sent late, what was taken and what was refused, with the reason. */
export function OutboxPanel() {
  const { t } = useTranslation(['offline', 'command'])
  const entries = useOutbox()
  if (entries.length === 0) return null
  const answered = entries.filter(({ state }) => state !== 'waiting')
  const refused = entries.some(({ state }) => state === 'refused')
  return (
    <Alert
      color={refused ? 'red' : 'yellow'}
      icon={<IconCloudUpload size={18} />}
      title={t('title', { count: entries.length - answered.length })}
      mb="sm"
      role="status"
    >
      <List size="sm" spacing={4} mb={answered.length > 0 ? 'xs' : 0}>
        {entries.map(({ key, order, command, what, at, state, problem }) => (
          <List.Item key={key} data-outbox={state}>
            <Link to="/orders/$order" params={{ order }}>
              {what}
            </Link>{' '}
            {t(`command:${command.type}`)} · <When at={at} /> · <strong>{t(state)}</strong>
            {problem && <Text size="sm">{problem.title}</Text>}
          </List.Item>
        ))}
      </List>
      {answered.length > 0 && (
        <Group justify="end">
          <Button size="compact-sm" variant="default" onClick={() => void forget(answered.map(({ key }) => key))}>
            {t('seen')}
          </Button>
        </Group>
      )}
    </Alert>
  )
}
