import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Grid, moreOf } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { clockTime } from '../parts/time.ts'
import { useLang } from '../texts/use-lang.ts'
import { detectionsQuery } from './queries.ts'

const counts = ['looked', 'alarmed', 'opened', 'heldBack'] as const

export function Detections() {
  const { t } = useTranslation('retention')
  const lang = useLang()
  const pages = useInfiniteQuery(detectionsQuery)
  return (
    <Loaded of={pages}>
      {({ pages: all }) => (
        <Grid
          label={t('tab.detections')}
          rows={all.flatMap(({ items }) => items)}
          id={({ id }) => id}
          more={moreOf(pages)}
          empty={{ title: t('none.detections.title'), hint: t('none.detections.hint') }}
          columns={[
            {
              head: t('column.at'),
              cell: ({ id, at }) => (
                <Link to="/retention/detections/$detection" params={{ detection: id }}>
                  {clockTime(at, lang)}
                </Link>
              ),
            },
            { head: t('column.process'), cell: ({ process }) => process },
            { head: t('column.model'), cell: ({ models }) => models.map(({ id, version }) => `${id}@${version}`).join(', ') },
            ...counts.map((count) => ({
              head: t(`column.${count}`),
              end: true,
              cell: (row: { [K in (typeof counts)[number]]: number }) => row[count].toLocaleString(),
            })),
          ]}
        />
      )}
    </Loaded>
  )
}
