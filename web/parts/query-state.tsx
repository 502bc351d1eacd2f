import { Alert, Button, Center, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText } from './problem-text.ts'

/** What failed, in words, and a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  return (
    <Alert color="red" icon={<IconAlertCircle size={18} />} title={t('failed')} role="alert">
      <Group justify="space-between" align="end">
        <Text size="sm" style={{ whiteSpace: 'pre-line' }}>
          {problemText(error)}
        </Text>
        {retry && (
          <Button size="xs" variant="light" color="red" onClick={retry}>
            {t('retry')}
          </Button>
        )}
      </Group>
    </Alert>
  )
}

export function Empty({ title, hint, children }: { title?: string; hint?: string; children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Center py="xl">
      <Stack align="center" gap={4}>
        <IconInbox size={36} stroke={1.2} color="var(--mantine-color-dimmed)" aria-hidden />
        <Text fw={500}>{title ?? t('nothing')}</Text>
        <Text size="sm" c="dimmed" ta="center">
          {hint ?? t('nothingHint')}
        </Text>
        {children}
      </Stack>
    </Center>
  )
}

export function Waiting({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <Stack gap="xs" aria-busy="true" aria-label={t('loading')} role="status">
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={34} />
      ))}
    </Stack>
  )
}

interface Asked<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

/** Waiting, failed, or what came. Old data stays on the screen while new is asked for. */
export function Loaded<T>({ of, children, rows }: { of: Asked<T>; children: (data: T) => ReactNode; rows?: number }) {
  if (of.data !== undefined) return children(of.data)
  if (of.error) return <Failure error={of.error} retry={() => void of.refetch()} />
  return <Waiting rows={rows} />
}
