import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { schemesQuery } from './queries.ts'
import { SettlementState } from './state.tsx'

export function Schemes() {
  const { t } = useTranslation('settlement')
  const { say } = useTitles()
  const schemes = useQuery(schemesQuery)
  return (
    <Loaded of={schemes}>
      {({ items }) => (
        <Grid
          label={t('tab.schemes')}
          rows={items}
          id={({ id }) => id}
          columns={[
            {
              head: t('column.scheme'),
              cell: ({ id, name }) => (
                <>
                  {say(name)}{' '}
                  <Text span size="xs" c="dimmed">
                    {id}
                  </Text>
                </>
              ),
            },
            { head: t('column.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
            { head: t('column.type'), cell: ({ businessType }) => businessType ?? '' },
            {
              head: t('column.version'),
              cell: ({ released, draft }) => (
                <Group gap={6}>
                  {released !== null && (
                    <>
                      {released} <SettlementState of="released" />
                    </>
                  )}
                  {draft !== null && (
                    <>
                      {draft} <SettlementState of="draft" />
                    </>
                  )}
                </Group>
              ),
            },
          ]}
        />
      )}
    </Loaded>
  )
}
