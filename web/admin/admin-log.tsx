import { Alert, Code } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Grid, moreOf } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { adminChainQuery, adminLogQuery } from './queries.ts'

/** Who administered what. The log is chained like an order's history. */
export function AdminLog() {
  const { t } = useTranslation('admin')
  const { name } = useTitles()
  const chain = useQuery(adminChainQuery)
  const pages = useInfiniteQuery(adminLogQuery)
  return (
    <>
      {chain.data && (
        <Alert color={chain.data.ok ? 'teal' : 'red'} mb="sm" role="status">
          {chain.data.ok ? t('log.chain', { entries: chain.data.entries }) : t('log.broken', { seq: chain.data.broken ?? '' })}
        </Alert>
      )}
      <Loaded of={pages}>
        {({ pages: all }) => {
          const names = Object.assign({}, ...all.map((page) => page.names)) as (typeof all)[number]['names']
          const who = (actor: string) => (actor === 'machine' || actor === 'cli' ? t(`log.${actor}`) : name(names, actor))
          return (
            <Grid
              label={t('tab.log')}
              rows={all.flatMap(({ items }) => items)}
              id={({ seq }) => String(seq)}
              more={moreOf(pages)}
              minWidth={760}
              columns={[
                { head: t('log.at'), cell: ({ at }) => <When at={at} absolute /> },
                { head: t('log.who'), cell: ({ actor }) => who(actor) },
                { head: t('log.action'), cell: ({ action }) => action },
                { head: t('log.subject'), cell: ({ subject }) => subject },
                { head: t('log.detail'), cell: ({ detail }) => <Code style={{ wordBreak: 'break-word' }}>{JSON.stringify(detail)}</Code> },
              ]}
            />
          )
        }}
      </Loaded>
    </>
  )
}
