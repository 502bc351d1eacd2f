import { Badge, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { API, withQuery } from '../http/client.ts'
import { Grid, moreOf } from '../parts/grid.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { money } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { BillAround } from './bill-around.tsx'
import { billQuery, type Bill, linesQuery } from './queries.ts'
import { SettlementState } from './state.tsx'

/** A bill: the schemes that made it, and every user's line with how it came about. */
export function BillPage() {
  const { t } = useTranslation('settlement')
  const { say } = useTitles()
  const lang = useLang()
  const { bill: id } = useParams({ from: '/inside/settlement/bills/$bill' })
  const bill = useQuery(billQuery(id))
  return (
    <Loaded of={bill}>
      {(data) => (
        <>
          <PageTitle title={t('bill.title', { agent: say(data.agentName), period: data.period })}>
            {(['csv', 'xlsx'] as const).map((format) => (
              <Button
                key={format}
                component="a"
                href={`${API}${withQuery('/exports/bill-lines', { bill: id, format })}`}
                download
                size="xs"
                variant="default"
              >
                {format === 'csv' ? t('bill.export') : t('bill.xlsx')}
              </Button>
            ))}
          </PageTitle>
          <Stack>
            <Head bill={data} />
            <Parts bill={data} />
            <SimpleGrid cols={{ base: 1, md: 3 }}>
              <BillAround bill={data} />
            </SimpleGrid>
            <Lines id={id} />
          </Stack>
        </>
      )}
    </Loaded>
  )

  function Head({ bill: data }: { bill: Bill }) {
    return (
      <Paper withBorder p="sm">
        <Group justify="space-between">
          <Group gap="sm">
            <SettlementState of={data.state} />
            <Badge color="gray">{t('bill.version', { version: data.version })}</Badge>
            <Text size="sm">{t(`kind.${data.kind}`)}</Text>
            {data.confirmed && <Text size="sm">{t('bill.confirmed', { how: data.confirmed })}</Text>}
            {data.settledAt && <When at={data.settledAt} absolute />}
            {data.replacedBy && (
              <Link to="/settlement/bills/$bill" params={{ bill: data.replacedBy }}>
                {t('bill.replaced')}
              </Link>
            )}
          </Group>
          <div>
            <Text fw={700} size="lg" ta="end">
              {money(data.amount + data.adjusted, lang)}
            </Text>
            {data.adjusted !== 0 && (
              <Text size="xs" c="dimmed" ta="end">
                {t('bill.adjusted', { amount: money(data.adjusted, lang) })}
              </Text>
            )}
          </div>
        </Group>
      </Paper>
    )
  }
}

function Parts({ bill }: { bill: Bill }) {
  const { t, i18n } = useTranslation('settlement')
  const { say } = useTitles()
  const lang = useLang()
  return (
    <section>
      <Title order={2} mb="xs">
        {t('bill.parts')}
      </Title>
      <Grid
        label={t('bill.parts')}
        rows={bill.parts}
        id={({ businessType }) => businessType}
        columns={[
          { head: t('column.type'), cell: ({ businessType }) => businessType },
          {
            head: t('column.scheme'),
            cell: ({ scheme }) => (
              <>
                {say(scheme.title)}{' '}
                <Text span size="xs" c="dimmed">
                  {scheme.id}@{scheme.version}
                </Text>
              </>
            ),
          },
          {
            head: t('column.rank'),
            cell: ({ rank }) => (i18n.exists(`settlement:rank.${rank}`) ? t(`rank.${rank as 'first'}`) : rank),
          },
          { head: t('column.tier'), end: true, cell: ({ tier }) => (tier === null ? '' : tier + 1) },
          { head: t('column.users'), end: true, cell: ({ users }) => users.toLocaleString() },
          { head: t('column.paid'), end: true, cell: ({ paid }) => paid.toLocaleString() },
          { head: t('column.amount'), end: true, cell: ({ amount }) => money(amount, lang) },
        ]}
      />
    </section>
  )
}

function Lines({ id }: { id: string }) {
  const { t } = useTranslation('settlement')
  const { say } = useTitles()
  const lang = useLang()
  const pages = useInfiniteQuery(linesQuery(id))
  return (
    <section>
      <Title order={2} mb="xs">
        {t('bill.lines')}
      </Title>
      <Loaded of={pages}>
        {({ pages: all }) => (
          <Grid
            label={t('bill.lines')}
            rows={all.flatMap(({ items }) => items)}
            id={({ user, businessType }) => `${user} ${businessType}`}
            more={moreOf(pages)}
            minWidth={820}
            columns={[
              { head: t('column.user'), cell: ({ user }) => user },
              { head: t('column.type'), cell: ({ businessType }) => businessType },
              { head: t('column.basis'), end: true, cell: ({ basis }) => money(basis, lang) },
              { head: t('column.amount'), end: true, cell: ({ amount }) => money(amount, lang) },
              {
                head: t('column.why'),
                cell: ({ explanation, agrees }) => (
                  <>
                    {explanation.map((sentence, i) => (
                      <Text size="xs" key={i}>
                        {say(sentence)}
                      </Text>
                    ))}
                    <Badge size="xs" color={agrees ? 'teal' : 'red'}>
                      {agrees ? t('bill.agrees') : t('bill.disagrees')}
                    </Badge>
                  </>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  )
}
