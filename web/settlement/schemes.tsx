import { Button, Group, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { schemesQuery } from './queries.ts'
import { SettlementState } from './state.tsx'

const SchemeDrawer = lazy(async () => ({ default: (await import('./scheme-drawer.tsx')).SchemeDrawer }))

export function Schemes({ chosen }: { chosen: string | undefined }) {
  const { t } = useTranslation('settlement')
  const { say } = useTitles()
  const navigate = useNavigate()
  const may = useMe().may.change.includes('Settlement')
  const schemes = useQuery(schemesQuery)
  const open = (scheme: string | undefined) => void navigate({ to: '/settlement', search: { tab: 'schemes', scheme } })
  return (
    <>
      {may && (
        <Group justify="end" mb="xs">
          <Button leftSection={<IconPlus size={16} />} onClick={() => open('new')}>
            {t('scheme.new')}
          </Button>
        </Group>
      )}
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
                    <Link to="/settlement" search={{ tab: 'schemes', scheme: id }}>
                      {say(name)}
                    </Link>{' '}
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
      <Suspense fallback={null}>{chosen && <SchemeDrawer id={chosen} close={() => open(undefined)} />}</Suspense>
    </>
  )
}
