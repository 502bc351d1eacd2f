import { Badge, Button, Group, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import { Grid } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { clockTime } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { findingsQuery } from './queries.ts'

/** Where record and engine do not agree, and what to do about each; a comparison on request. */
export function FindingsPanel() {
  const { t } = useTranslation('health')
  const { say } = useTitles()
  const lang = useLang()
  const client = useQueryClient()
  const found = useQuery(findingsQuery)
  const compare = useMutation({
    mutationFn: () => post('/health/reconciliations'),
    onSuccess: () => tell(t('asked')),
    onError: tellProblem,
    onSettled: () => client.invalidateQueries({ queryKey: ['health'] }),
  })
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={2}>{t('findings')}</Title>
        <Button size="xs" variant="light" onClick={() => compare.mutate()} loading={compare.isPending}>
          {t('now')}
        </Button>
      </Group>
      <Loaded of={found} rows={2}>
        {({ items, checkedAt, looked, repaired }) => (
          <>
            <Text size="sm" c="dimmed" mb="xs">
              {checkedAt
                ? t('checked', { time: clockTime(checkedAt, lang, true), looked: looked ?? 0, repaired: repaired ?? 0 })
                : t('notChecked')}
            </Text>
            <Grid
              label={t('findings')}
              rows={items}
              id={({ kind, order, detail }) => `${kind} ${order} ${detail}`}
              minWidth={760}
              empty={{ title: t('noFindings'), hint: t('noFindingsHint') }}
              columns={[
                {
                  head: t('kind'),
                  cell: ({ title, detail, repaired: done }) => (
                    <>
                      <Text size="sm">{say(title)}</Text>
                      <Text size="xs" c="dimmed">
                        {detail}
                      </Text>
                      {done && <Badge color="teal">{t('repaired')}</Badge>}
                    </>
                  ),
                },
                {
                  head: t('order'),
                  cell: ({ order }) => (
                    <Link to="/orders/$order" params={{ order }}>
                      {order}
                    </Link>
                  ),
                },
                { head: t('todo'), cell: ({ todo }) => say(todo) },
                { head: t('since'), cell: ({ since }) => <When at={since} absolute /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </section>
  )
}
