import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Grid, moreOf } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { money } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { RunProgress } from './progress.tsx'
import { runsQuery } from './queries.ts'
import { StartMenu } from './start-menu.tsx'
import { SettlementState } from './state.tsx'

export function Runs() {
  const { t, i18n } = useTranslation('settlement')
  const { name } = useTitles()
  const lang = useLang()
  const pages = useInfiniteQuery(runsQuery({}))
  const origin = (id: string) => (i18n.exists(`settlement:origin.${id}`) ? t(`origin.${id as 'unified'}`) : id)
  return (
    <Loaded of={pages}>
      {({ pages: all }) => {
        const names = Object.assign({}, ...all.map((page) => page.names)) as (typeof all)[number]['names']
        return (
          <>
            <StartMenu />
            <Grid
              label={t('tab.runs')}
              rows={all.flatMap(({ items }) => items)}
              id={({ id }) => id}
              more={moreOf(pages)}
              minWidth={820}
              empty={{ title: t('none.runs.title'), hint: t('none.runs.hint') }}
              columns={[
                {
                  head: t('column.no'),
                  cell: (run) => (
                    <Link to="/settlement/runs/$run" params={{ run: run.id }}>
                      {run.no}
                    </Link>
                  ),
                },
                { head: t('column.period'), cell: ({ period }) => period },
                { head: t('column.kind'), cell: (run) => `${t(`kind.${run.kind}`)} · ${origin(run.origin)}` },
                { head: t('column.department'), cell: ({ department }) => name(names, department) },
                { head: t('column.state'), cell: ({ state }) => <SettlementState of={state} /> },
                { head: t('column.progress'), cell: ({ progress }) => <RunProgress of={progress} /> },
                { head: t('column.amount'), end: true, cell: ({ amount }) => (amount === null ? '' : money(amount, lang)) },
              ]}
            />
          </>
        )
      }}
    </Loaded>
  )
}
