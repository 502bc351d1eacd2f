import { Alert, Badge, Button, Code, Group, List, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { post } from '../http/client.ts'
import type { Names } from '../http/types.ts'
import { useShortcuts } from '../keys/registry.ts'
import { Failure, Loaded } from '../parts/query-state.tsx'
import { clockTime } from '../parts/time.ts'
import { useJoin, useLang, useTitles } from '../texts/use-lang.ts'
import { type Verdict, verdictsQuery } from './queries.ts'
import { Said } from './words/said.tsx'
import { type Say, type Speakers, useSay } from './words/use-say.ts'

const HEAD = 12

/** Verdicts on the order: the latest in full, the earlier ones in a line each; a new one on request. */
export function Trust({ order, speakers }: { order: string; speakers: Speakers }) {
  const { t } = useTranslation('audit')
  const { pair } = useJoin()
  const { name } = useTitles()
  const lang = useLang()
  const client = useQueryClient()
  const verdicts = useQuery(verdictsQuery(order))
  const verify = useMutation({
    mutationFn: () => post<Verdict>(`/orders/${order}/verifications`),
    onSettled: () => client.invalidateQueries({ queryKey: ['verdicts', order] }),
  })
  useShortcuts([{ id: 'audit-verify', keys: 'v', label: t('key.verify'), group: t('key.group'), run: () => verify.mutate() }])
  return (
    <Paper withBorder p="sm" component="section" aria-label={t('chain.title')}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>{t('chain.title')}</Title>
        <Button size="xs" onClick={() => verify.mutate()} loading={verify.isPending}>
          {t('chain.start')}
        </Button>
      </Group>
      {verify.error && <Failure error={verify.error} />}
      <Loaded of={verdicts} rows={2}>
        {({ items: [latest, ...earlier], names }) =>
          !latest ? (
            <Text size="sm" c="dimmed">
              {t('chain.none')}
            </Text>
          ) : (
            <Stack gap="xs">
              <Latest
                verdict={latest}
                speakers={speakers}
                names={names}
                who={t('chain.by', { name: name(names, latest.by), time: clockTime(latest.at, lang, true) })}
              />
              {earlier.length > 0 && (
                <div>
                  <Text size="xs" c="dimmed" fw={600}>
                    {t('chain.earlier')}
                  </Text>
                  <List size="xs">
                    {earlier.slice(0, 5).map((one) => (
                      <List.Item key={one.id}>
                        {clockTime(one.at, lang, true)} {pair(name(names, one.by), sound(one) ? t('chain.ok') : t('chain.broken'))}
                      </List.Item>
                    ))}
                  </List>
                </div>
              )}
            </Stack>
          )
        }
      </Loaded>
    </Paper>
  )
}

/** Number of an event, a task, a limit; and which of its fields. */
function placeOf({ of, field }: { of: string; field: string }, say: Say): string {
  const thing = of.includes('/') ? say.clock(of) : say.task(of)
  return [thing, field && say.label(field)].filter(Boolean).join(' / ')
}

const sound = ({ ok, engine }: Verdict): boolean => ok && engine?.state !== 'differs'

function Latest({ verdict, speakers, names, who }: { verdict: Verdict; speakers: Speakers; names: Names; who: string }) {
  const { t } = useTranslation('audit')
  const { aside } = useJoin()
  const say = useSay(speakers, names)
  const { engine } = verdict
  const fine = sound(verdict)
  const parts = [
    { name: t('chain.chain'), state: verdict.chain ? 'fail' : 'pass' },
    { name: t('chain.rows'), state: verdict.rows ? 'fail' : 'pass' },
    { name: t('chain.body'), state: verdict.body ? 'fail' : 'pass' },
    {
      name: t('chain.engine'),
      state: !engine ? 'wait' : engine.state === 'same' ? 'pass' : engine.state === 'missing' ? 'missing' : 'fail',
    },
  ] as const
  const first = verdict.chain ?? verdict.rows ?? engine?.difference ?? engine?.codes?.find(({ difference }) => difference)?.difference
  return (
    <>
      <Alert
        color={fine ? 'teal' : 'red'}
        icon={fine ? <IconShieldCheck size={20} /> : <IconShieldX size={20} />}
        title={engine ? (fine ? t('chain.ok') : t('chain.broken')) : t('chain.running')}
        role="status"
      >
        <Text size="xs">{who}</Text>
        <Text size="xs">
          {t('chain.events', { count: verdict.events, head: '' })}
          <Code>{verdict.head.slice(0, HEAD)}</Code>
        </Text>
      </Alert>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {parts.map(({ name, state }) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="end">
                <Badge color={state === 'pass' ? 'teal' : state === 'fail' ? 'red' : 'gray'}>{t(`chain.${state}`)}</Badge>
              </Table.Td>
            </Table.Tr>
          ))}
          {engine?.codes?.map(({ bundle, version, today, same, message }) => (
            <Table.Tr key={bundle}>
              <Table.Td ps="lg">
                <Text size="xs">
                  {aside(t('chain.code', { version }), today ? t('chain.today') : t('chain.then'))} <Code>{bundle.slice(0, HEAD)}</Code>
                </Text>
                {message && <Text size="xs">{message}</Text>}
              </Table.Td>
              <Table.Td ta="end">
                <Badge color={same ? 'teal' : 'red'}>{same ? t('chain.pass') : t('chain.fail')}</Badge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {(engine?.message ?? verdict.body) && <Text size="sm">{engine?.message ?? verdict.body}</Text>}
      {first && (
        <Table verticalSpacing={4} withTableBorder data-difference>
          <Table.Tbody>
            <Table.Tr>
              <Table.Th>{t('chain.of')}</Table.Th>
              <Table.Td>{placeOf(first, say)}</Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Th>{t('chain.told')}</Table.Th>
              <Table.Td>
                <Said of={say.value(first.field, first.told)} />
              </Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Th>{t('chain.kept')}</Table.Th>
              <Table.Td>
                <Said of={say.value(first.field, first.kept)} />
              </Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      )}
    </>
  )
}
