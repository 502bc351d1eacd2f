import { Button, Center, Code, Stack, Text, Title } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ApiProblem, Unreachable } from '../http/problem.ts'

/** A page that could not be shown: what is wrong, and what to do. */
export function Crashed({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const away = error instanceof Unreachable
  return (
    <Center mih={320} p="lg" role="alert">
      <Stack align="center" gap="xs" maw={520}>
        <Title order={2}>{away ? t('unreachable') : error instanceof ApiProblem ? error.message : t('crashed')}</Title>
        {away && <Text c="dimmed">{t('unreachableHint')}</Text>}
        {error instanceof ApiProblem ? (
          <Code>{`${error.code} ${error.document.requestId}`}</Code>
        ) : (
          !away && <Code>{String((error as Error | undefined)?.message ?? error)}</Code>
        )}
        <Button onClick={reset} mt="sm">
          {t('retry')}
        </Button>
      </Stack>
    </Center>
  )
}

export function Missing() {
  const { t } = useTranslation()
  return (
    <Center mih={320} p="lg">
      <Stack align="center" gap="xs">
        <Title order={1}>{t('notFound')}</Title>
        <Text c="dimmed">{t('notFoundHint')}</Text>
        <Button component={Link} to="/" variant="light" mt="sm">
          {t('back')}
        </Button>
      </Stack>
    </Center>
  )
}
