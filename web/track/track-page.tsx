import { Badge, Center, Container, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { track } from '../../api/schemas/track.ts'
import { get } from '../http/client.ts'
import { ApiProblem } from '../http/problem.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { clockTime } from '../parts/time.ts'
import { changeLang } from '../texts/i18n.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import { Asked } from './asked.tsx'
import { Messages } from './messages.tsx'
import { Steps } from './steps.tsx'

export type Track = z.output<typeof track>

/** A customer looks again by himself; nobody tells his browser. */
const LOOK_MS = 20_000

export const trackQuery = (token: string) =>
  queryOptions({
    queryKey: ['track', token],
    queryFn: ({ signal }) => get<Track>(`/track/${token}`, {}, signal),
    refetchInterval: LOOK_MS,
  })

/** The customer's page behind his link: how far it is, what was promised, what is asked of him, in his words. */
export function TrackPage() {
  const { t } = useTranslation(['track', 'common'])
  const { say } = useTitles()
  const lang = useLang()
  const { token } = useParams({ from: '/track/$token' })
  const found = useQuery(trackQuery(token))
  const gone = found.error instanceof ApiProblem && found.error.status === 404
  return (
    <Container size="xs" py="md" component="main">
      <Group justify="space-between" mb="md">
        <Group gap={8}>
          <img src="/favicon.svg" width={26} height={26} alt="" />
          <Text fw={700}>{t('common:product')}</Text>
        </Group>
        <SegmentedControl
          size="xs"
          value={lang}
          onChange={(value) => void changeLang(value === 'en' ? 'en' : 'zh')}
          data={[
            { value: 'zh', label: '中' },
            { value: 'en', label: 'EN' },
          ]}
          aria-label={t('common:language')}
        />
      </Group>
      {gone ? (
        <Center mih={240}>
          <div>
            <Title order={1} ta="center">
              {t('gone')}
            </Title>
            <Text c="dimmed" ta="center">
              {t('goneHint')}
            </Text>
          </div>
        </Center>
      ) : (
        <Loaded of={found}>
          {(order) => (
            <Stack>
              <div>
                <PageTitle title={say(order.title)} tab={t('title')} />
                <Group gap="xs">
                  <Text size="sm" c="dimmed">
                    {t('no', { no: order.no ?? '' })}
                  </Text>
                  <Badge color={order.status === 'done' ? 'teal' : order.status === 'open' ? 'blue' : 'gray'}>
                    {t(`status.${order.status}`)}
                  </Badge>
                </Group>
              </div>
              {order.asked.map((asked) => (
                <Asked key={`${asked.order} ${asked.task} ${asked.party ?? ''}`} token={token} asked={asked} />
              ))}
              {order.promise && order.status === 'open' && <Promised promise={order.promise} />}
              <Paper withBorder p="md">
                <Steps steps={order.steps} />
              </Paper>
              <Messages token={token} messages={order.messages} open={order.status === 'open'} />
            </Stack>
          )}
        </Loaded>
      )}
    </Container>
  )
}

function Promised({ promise }: { promise: NonNullable<Track['promise']> }) {
  const { t } = useTranslation('track')
  const lang = useLang()
  return (
    <Paper withBorder p="md">
      <Text fw={600}>{t('promise', { time: clockTime(promise.at, lang) })}</Text>
      {promise.moved.length > 0 && (
        <>
          <Text size="sm" c="dimmed">
            {t('moved', { time: clockTime(promise.first, lang) })}
          </Text>
          {promise.moved.map(({ at, from, to }) => (
            <Text size="xs" c="dimmed" key={at}>
              {t('from', { from: clockTime(from, lang), to: clockTime(to, lang) })}
            </Text>
          ))}
        </>
      )}
    </Paper>
  )
}
