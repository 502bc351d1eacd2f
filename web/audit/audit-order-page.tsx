import { Button, Grid, Group, Stack } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { orderQuery } from '../http/queries.ts'
import type { Order } from '../http/types.ts'
import { useShortcuts } from '../keys/registry.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { Changes } from './changes.tsx'
import { Downloads } from './downloads.tsx'
import { Facts } from './facts.tsx'
import { Moment } from './moment.tsx'
import { TimeSlider } from './time-slider.tsx'
import { Trust } from './trust.tsx'
import type { Speakers } from './words/use-say.ts'

/** Whose words the history uses: those of the order's process, and of the orders around it. */
const speakersOf = ({ process, children, links, stays }: Order): Speakers => ({
  process,
  related: [...children, links.parent, links.continues, links.continuedAs]
    .flatMap((one) => one?.process ?? [])
    .concat(stays.map((one) => one.process)),
})

/** An order's history, at any instant, and whether it can be believed. */
export function AuditOrderPage() {
  const { t } = useTranslation('audit')
  const navigate = useNavigate()
  const { order: id } = useParams({ from: '/inside/audit/$order' })
  const search = useSearch({ from: '/inside/audit/$order' })
  const order = useQuery(orderQuery(id))
  const last = order.data?.version ?? 0
  const within = (value: string | undefined): number | undefined => {
    const n = Number(value)
    return Number.isInteger(n) && n >= 1 && n <= last ? n : undefined
  }
  const seq = within(search.seq) ?? last
  const against = within(search.against)
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/audit/$order', params: { order: id }, search: { ...search, ...change }, replace: true })
  const go = (to: number) => set({ seq: String(Math.min(last, Math.max(1, to))) })
  const group = t('key.group')
  useShortcuts([
    { id: 'audit-previous', keys: 'k', label: t('key.previous'), group, run: () => go(seq - 1) },
    { id: 'audit-next', keys: 'j', label: t('key.next'), group, run: () => go(seq + 1) },
    { id: 'audit-first', keys: 'Shift+K', label: t('key.first'), group, run: () => go(1) },
    { id: 'audit-last', keys: 'Shift+J', label: t('key.last'), group, run: () => go(last) },
  ])
  return (
    <Loaded of={order}>
      {(data) => (
        <>
          <PageTitle title={t('order', { no: data.no ?? id })}>
            <Group gap="xs">
              <Downloads order={id} no={data.no} seq={seq} />
              <Button component={Link} to={`/orders/${id}`} size="xs" variant="default" rightSection={<IconExternalLink size={14} />}>
                {t('toOrder')}
              </Button>
            </Group>
          </PageTitle>
          <Stack gap="md">
            <TimeSlider order={id} seq={seq} last={last} against={against} go={go} compare={(to) => set({ against: to?.toString() })} />
            <Grid>
              <Grid.Col span={{ base: 12, lg: 7 }}>
                <Stack>
                  {against !== undefined && against !== seq && (
                    <Changes order={id} from={Math.min(seq, against)} to={Math.max(seq, against)} speakers={speakersOf(data)} />
                  )}
                  <Moment order={id} seq={seq} speakers={speakersOf(data)} />
                </Stack>
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 5 }}>
                <Stack>
                  <Trust order={id} speakers={speakersOf(data)} />
                  <Facts order={id} speakers={speakersOf(data)} seq={seq} go={go} />
                </Stack>
              </Grid.Col>
            </Grid>
          </Stack>
        </>
      )}
    </Loaded>
  )
}
