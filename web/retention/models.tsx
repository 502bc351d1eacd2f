import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { type Model, modelsQuery } from './queries.ts'
import { RetentionState } from './state.tsx'

/** Whom the record names where the product itself came with a release. */
const SEED = 'seed'

/** Rule sets and scorecards, by version; a draft is released by a person. */
export function Models() {
  const { t } = useTranslation('retention')
  const { name } = useTitles()
  const client = useQueryClient()
  const models = useQuery(modelsQuery)
  const title = (id: string) => t(`model.${id}` as 'model.abnormal', { defaultValue: id })
  const release = useMutation({
    mutationFn: ({ id, version }: Model) => post(`/models/${id}/releases`, { version }),
    onSuccess: () => tell(t('done')),
    onError: tellProblem,
    onSettled: () => client.invalidateQueries({ queryKey: ['models'] }),
  })
  return (
    <Loaded of={models}>
      {({ items, names }) => (
        <Grid
          label={t('tab.models')}
          rows={items}
          id={({ id, version }) => `${id}@${version}`}
          columns={[
            { head: t('column.model'), cell: ({ id, version }) => t('version', { model: title(id), version }) },
            { head: t('column.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
            { head: t('column.state'), cell: ({ state }) => <RetentionState of={state} /> },
            { head: t('column.measured'), cell: (model) => <Measured model={model} /> },
            {
              head: t('column.released'),
              cell: (model) =>
                model.releasedAt ? (
                  <>
                    {model.releasedBy === SEED ? t('product') : name(names, model.releasedBy)} <When at={model.releasedAt} absolute />
                  </>
                ) : (
                  <Button size="compact-xs" loading={release.isPending} onClick={() => release.mutate(model)}>
                    {t('act.release')}
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Loaded>
  )
}

function Measured({ model: { metrics } }: { model: Model }) {
  const { t } = useTranslation('retention')
  const measured = metrics as { auc?: number; precision?: number; recall?: number } | null
  if (typeof measured?.auc !== 'number') return null
  const write = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(3))
  return <>{t('auc', { auc: write(measured.auc), precision: write(measured.precision), recall: write(measured.recall) })}</>
}
