import { Button, Group, Paper, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type BulkKind, bulkKinds } from './bulk-dialog.tsx'
import type { Rows } from './use-rows.ts'

/** What can be done with all that is selected. */
export function BulkBar({ rows, act }: { rows: Rows; act: (kind: BulkKind) => void }) {
  const { t } = useTranslation('board')
  if (rows.selected.length === 0) return null
  return (
    <Paper withBorder px="sm" py={6} mb="xs" role="toolbar" aria-label={t('selected', { count: rows.selected.length })}>
      <Group gap="xs">
        <Text size="sm" fw={600} aria-live="polite">
          {t('selected', { count: rows.selected.length })}
        </Text>
        {bulkKinds.map((kind) => (
          <Button key={kind} size="compact-sm" variant="light" onClick={() => act(kind)}>
            {t(`bulk.${kind}`)}
          </Button>
        ))}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={rows.clear}>
          {t('bulk.deselect')}
        </Button>
      </Group>
    </Paper>
  )
}
