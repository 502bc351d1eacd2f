import { Badge, Group, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { money } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'
import { differencesQuery } from './queries.ts'

/** A re-settlement and what it settles anew, side by side. */
export function Differences({ run }: { run: string }) {
  const { t } = useTranslation('settlement')
  const lang = useLang()
  const found = useQuery(differencesQuery(run))
  const sum = (fen: number | null) => (fen === null ? '' : money(fen, lang))
  return (
    <section>
      <Title order={2} mb="xs">
        {t('run.differences')}
      </Title>
      <Loaded of={found} rows={3}>
        {({ items, replaces }) => (
          <>
            <Link to="/settlement/runs/$run" params={{ run: replaces }}>
              {t('run.replaces', { run: replaces })}
            </Link>
            <Grid
              label={t('run.differences')}
              rows={items}
              id={({ agent }) => agent}
              columns={[
                {
                  head: t('column.agent'),
                  cell: ({ agent, paid }) => (
                    <Group gap={6}>
                      {agent}
                      {paid && <Badge color="green">{t('run.paid')}</Badge>}
                    </Group>
                  ),
                },
                { head: t('column.before'), end: true, cell: ({ before }) => sum(before) },
                { head: t('column.after'), end: true, cell: ({ after }) => sum(after) },
                {
                  head: t('column.difference'),
                  end: true,
                  cell: ({ difference }) => (difference > 0 ? `+${sum(difference)}` : sum(difference)),
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </section>
  )
}
