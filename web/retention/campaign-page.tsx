import { Alert, Button, Group, Paper, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../app/session.ts'
import { post } from '../http/client.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { tell, tellProblem } from '../parts/tell.ts'
import { money } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { Budget } from './budget.tsx'
import { CampaignEditor } from './campaign-editor.tsx'
import { Cases } from './cases.tsx'
import { Counts } from './counts.tsx'
import { type Campaign, campaignQuery } from './queries.ts'
import { RetentionState } from './state.tsx'

const percent = (share: number | null, digits = 1): string => (share === null ? '–' : `${(share * 100).toFixed(digits)} %`)

/** A campaign: its budget, what it brings against those who got nothing, and its cases. */
export function CampaignPage() {
  const { t } = useTranslation('retention')
  const { say } = useTitles()
  const { campaign: id } = useParams({ from: '/inside/retention/campaigns/$campaign' })
  const campaign = useQuery(campaignQuery(id))
  return (
    <Loaded of={campaign}>
      {(data) => (
        <>
          <PageTitle title={say(data.name)}>
            <ChangeDraft campaign={data} />
            <Moves campaign={data} />
          </PageTitle>
          <Stack>
            <Paper withBorder p="sm">
              <Group justify="space-between" mb="xs">
                <Group gap="sm">
                  <RetentionState of={data.state} />
                  <Text size="sm">
                    {data.spec.from} – {data.spec.to}
                  </Text>
                  <Text size="sm">{t('scheme', { scheme: data.spec.scheme, share: percent(data.spec.holdout / 10_000) })}</Text>
                </Group>
              </Group>
              <Budget spent={data.spent} budget={data.budget} />
            </Paper>
            <Effect campaign={data} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Counts title={t('attempts')} counts={data.treated.results} />
              <Counts title={t('closed')} counts={data.treated.ends} />
            </SimpleGrid>
            <section>
              <Title order={2} mb="xs">
                {t('cases')}
              </Title>
              <Cases campaign={id} />
            </section>
          </Stack>
        </>
      )}
    </Loaded>
  )
}

/** What has been started keeps its wording; a draft can be written anew. */
function ChangeDraft({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('retention')
  const may = useMe().may.change.includes('Retention')
  const [open, setOpen] = useState(false)
  if (!may || campaign.state !== 'draft') return null
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        {t('form.change')}
      </Button>
      {open && <CampaignEditor campaign={campaign} close={() => setOpen(false)} />}
    </>
  )
}

function Moves({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('retention')
  const client = useQueryClient()
  const move = useMutation({
    mutationFn: (to: 'running' | 'paused' | 'stopped') => post(`/campaigns/${campaign.id}/states`, { to }),
    onSuccess: () => tell(t('done')),
    onError: tellProblem,
    onSettled: () => client.invalidateQueries({ queryKey: ['campaign', campaign.id] }),
  })
  if (campaign.state === 'stopped') return null
  const running = campaign.state === 'running'
  return (
    <>
      <Button
        size="xs"
        variant={running ? 'light' : 'filled'}
        loading={move.isPending}
        onClick={() => move.mutate(running ? 'paused' : 'running')}
      >
        {running ? t('act.pause') : campaign.state === 'paused' ? t('act.go') : t('act.start')}
      </Button>
      {campaign.state !== 'draft' && (
        <Button size="xs" variant="light" color="red" loading={move.isPending} onClick={() => move.mutate('stopped')}>
          {t('act.stop')}
        </Button>
      )}
    </>
  )
}

function Effect({ campaign: { treated, holdout, uplift } }: { campaign: Campaign }) {
  const { t } = useTranslation('retention')
  const lang = useLang()
  const rows = [
    { name: t('customers'), of: (arm: typeof treated) => arm.customers.toLocaleString() },
    { name: t('closed'), of: (arm: typeof treated) => arm.closed.toLocaleString() },
    { name: t('leftUs'), of: (arm: typeof treated) => arm.left.toLocaleString() },
    { name: t('stayed'), of: (arm: typeof treated) => percent(arm.stayed) },
    { name: t('attempts'), of: (arm: typeof treated) => arm.attempts.toLocaleString() },
    { name: t('positive'), of: (arm: typeof treated) => arm.positive.toLocaleString() },
    { name: t('days'), of: (arm: typeof treated) => (arm.days === null ? '–' : arm.days.toFixed(1)) },
    { name: t('cost'), of: (arm: typeof treated) => money(arm.cost, lang) },
  ]
  return (
    <Paper withBorder p="sm" component="section">
      <Title order={2} mb="xs">
        {t('effect')}
      </Title>
      <Alert color={uplift && uplift.low > 0 ? 'teal' : 'gray'} mb="xs">
        {uplift
          ? t('uplift', { difference: percent(uplift.difference), low: percent(uplift.low), high: percent(uplift.high) })
          : t('noUplift')}
      </Alert>
      <Table verticalSpacing={4} maw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th ta="end">{t('treated')}</Table.Th>
            <Table.Th ta="end">{t('holdout')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, of }) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="end">{of(treated)}</Table.Td>
              <Table.Td ta="end">{of(holdout)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
