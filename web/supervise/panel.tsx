import { Group, Paper, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: string
  hint?: string
  choice?: ReactNode
  children: ReactNode
}

/** One question and its answer. */
export function Panel({ title, hint, choice, children }: Props) {
  return (
    <Paper withBorder p="sm" component="section" aria-label={title} miw={0}>
      <Group justify="space-between" mb="xs" align="start">
        <div>
          <Title order={2}>{title}</Title>
          {hint && (
            <Text size="xs" c="dimmed">
              {hint}
            </Text>
          )}
        </div>
        {choice}
      </Group>
      {children}
    </Paper>
  )
}
