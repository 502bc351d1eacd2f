import { Button, Drawer, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { Grid, moreOf } from '../parts/grid.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { money } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { AgentSchemeForm } from './agent-scheme-form.tsx'
import { agentQuery, agentsQuery, ledgerQuery } from './queries.ts'
import { SettlementState } from './state.tsx'

export function Agents({ chosen }: { chosen: string | undefined }) {
  const { t } = useTranslation(['settlement', 'common'])
  const { say, name } = useTitles()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const pages = useInfiniteQuery(agentsQuery({ q: q || undefined }))
  return (
    <>
      <TextInput
        size="xs"
        maw={300}
        mb="xs"
        aria-label={t('common:search')}
        placeholder={t('common:search')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Loaded of={pages}>
        {({ pages: all }) => {
          const names = Object.assign({}, ...all.map((page) => page.names)) as (typeof all)[number]['names']
          return (
            <Grid
              label={t('tab.agents')}
              rows={all.flatMap(({ items }) => items)}
              id={({ id }) => id}
              more={moreOf(pages)}
              columns={[
                {
                  head: t('column.agent'),
                  cell: (agent) => (
                    <Link to="/settlement" search={{ tab: 'agents', agent: agent.id }}>
                      {say(agent.name)}{' '}
                      <Text span size="xs" c="dimmed">
                        {agent.no}
                      </Text>
                    </Link>
                  ),
                },
                { head: t('column.level'), cell: ({ level }) => say(level.name) },
                { head: t('column.department'), cell: ({ department }) => name(names, department) },
                { head: t('column.state'), cell: ({ status }) => <SettlementState of={status} /> },
              ]}
            />
          )
        }}
      </Loaded>
      <Drawer
        opened={chosen !== undefined}
        onClose={() => void navigate({ to: '/settlement', search: { tab: 'agents' } })}
        position="right"
        size="lg"
        title={t('column.agent')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        {chosen && <Agent id={chosen} />}
      </Drawer>
    </>
  )
}

function Agent({ id }: { id: string }) {
  const { t } = useTranslation('settlement')
  const { say } = useTitles()
  const lang = useLang()
  const may = useMe().may.change.includes('Settlement')
  const [giving, setGiving] = useState(false)
  const agent = useQuery(agentQuery(id))
  const ledger = useInfiniteQuery(ledgerQuery(id))
  return (
    <Loaded of={agent}>
      {(data) => (
        <Stack>
          <div>
            <Title order={2}>{say(data.name)}</Title>
            <Text size="sm">
              {t('agent.accounts', {
                deposit: money(data.accounts.deposit, lang),
                rebate: money(data.accounts.rebate, lang),
                prepaid: money(data.accounts.prepaid, lang),
              })}
            </Text>
            <Link to="/settlement" search={{ tab: 'bills', agent: id }}>
              {t('tab.bills')}
            </Link>
          </div>
          <section>
            <Title order={3} mb="xs">
              {t('agent.schemes')}
            </Title>
            <Grid
              label={t('agent.schemes')}
              minWidth={420}
              rows={data.schemes}
              id={({ id: choice }) => choice}
              columns={[
                { head: t('column.scheme'), cell: ({ schemeName }) => say(schemeName) },
                { head: t('column.kind'), cell: ({ kind }) => t(`kind.${kind}`) },
                { head: t('column.rank'), cell: ({ rank }) => t(`rank.${rank}`) },
                { head: t('column.validity'), cell: ({ validFrom, validTo }) => `${validFrom} – ${validTo ?? t('forGood')}` },
              ]}
            />
            {may && !giving && (
              <Button size="xs" variant="default" mt="xs" onClick={() => setGiving(true)}>
                {t('agent.give')}
              </Button>
            )}
            {giving && <AgentSchemeForm agent={id} close={() => setGiving(false)} />}
          </section>
          <section>
            <Title order={3} mb="xs">
              {t('agent.ledger')}
            </Title>
            <Loaded of={ledger} rows={3}>
              {({ pages }) => (
                <Grid
                  label={t('agent.ledger')}
                  minWidth={480}
                  rows={pages.flatMap(({ items }) => items)}
                  id={({ entry, account }) => `${entry} ${account}`}
                  more={moreOf(ledger)}
                  columns={[
                    { head: t('column.at'), cell: ({ at }) => <When at={at} absolute /> },
                    { head: t('column.entry'), cell: ({ kind, memo }) => [kind, memo].filter(Boolean).join(' · ') },
                    {
                      head: t('column.account'),
                      cell: ({ account }) => (account in accounts ? t(`account.${account as 'deposit'}`) : account),
                    },
                    { head: t('column.amount'), end: true, cell: ({ amount }) => money(amount, lang) },
                  ]}
                />
              )}
            </Loaded>
          </section>
        </Stack>
      )}
    </Loaded>
  )
}

const accounts = { deposit: 1, rebate: 1, prepaid: 1 }
