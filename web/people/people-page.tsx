import { ActionIcon, Button, Group, Text } from '@mantine/core'
import { DateInput } from '../parts/dates.tsx'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../keys/registry.ts'
import { fromZone, toZone } from '../parts/form/zone-time.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { MoveDialog, type Moving } from './move-dialog.tsx'
import { PeopleChart } from './people-chart.tsx'
import { loadQuery, timelineQuery } from './queries.ts'

const DAY_MS = 86_400_000

/** Who is on shift, what each has to do and by when; a task is dragged to whoever is to have it. */
export function PeoplePage() {
  const { t } = useTranslation('people')
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/people' })
  const date = /^\d{4}-\d\d-\d\d$/.test(search.day ?? '') ? search.day! : toZone(Date.now()).slice(0, 10)
  const from = fromZone(`${date} 00:00:00`)
  const day = { from, to: from + DAY_MS }
  const rows = useQuery({ ...timelineQuery(day.from, day.to, search.unit), placeholderData: (before) => before })
  const load = useQuery(loadQuery(search.unit))
  const [moving, setMoving] = useState<Moving>()
  const go = (to: string | undefined) => void navigate({ to: '/people', search: { ...search, day: to }, replace: true })
  const by = (days: number) => go(toZone(from + days * DAY_MS).slice(0, 10))
  const group = t('key.group')
  useShortcuts([
    { id: 'people-today', keys: 't', label: t('key.today'), group, run: () => go(undefined) },
    { id: 'people-next', keys: 'n', label: t('key.next'), group, run: () => by(1) },
    { id: 'people-previous', keys: 'p', label: t('key.previous'), group, run: () => by(-1) },
  ])
  return (
    <>
      <PageTitle title={t('title')}>
        <Group gap={4}>
          <ActionIcon variant="default" size={30} onClick={() => by(-1)} aria-label={t('previous')}>
            <IconChevronLeft size={16} />
          </ActionIcon>
          <DateInput size="xs" w={130} value={date} valueFormat="YYYY-MM-DD" onChange={(next) => next && go(next)} aria-label={t('day')} />
          <ActionIcon variant="default" size={30} onClick={() => by(1)} aria-label={t('next')}>
            <IconChevronRight size={16} />
          </ActionIcon>
          <Button size="xs" variant="default" onClick={() => go(undefined)}>
            {t('today')}
          </Button>
        </Group>
      </PageTitle>
      <Text size="xs" c="dimmed" mb="xs">
        {t('drag')}
      </Text>
      <Loaded of={rows} rows={8}>
        {({ items, names }) =>
          items.length === 0 ? (
            <Empty title={t('empty')} />
          ) : (
            <PeopleChart day={day} date={date} rows={items} names={names} load={load.data?.items ?? []} move={setMoving} />
          )
        }
      </Loaded>
      {moving && <MoveDialog {...moving} close={() => setMoving(undefined)} />}
    </>
  )
}
