import { ActionIcon, Alert, Badge, Button, Group, List, SegmentedControl, SimpleGrid, Table, Text, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import { Loaded } from '../../parts/query-state.tsx'
import { When } from '../../parts/when.tsx'
import { useLang, useTitles } from '../../texts/use-lang.ts'
import { CalendarEditor, type Part } from './calendar-editor.tsx'
import { calendarQuery, calendarsQuery, type CalendarYear } from './queries.ts'
import { sameHours } from './spec.ts'
import { YearView } from './year-view.tsx'

/** Working time, a year at a look. */
export function Calendars() {
  const { t, i18n } = useTranslation('calendars')
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/admin' })
  const known = useQuery(calendarsQuery)
    .data?.items.map(({ id }) => id)
    .reverse() ?? ['W']
  const id = known.find((one) => one === search.calendar) ?? known[0] ?? 'W'
  const asked = /^(19[7-9]\d|20\d\d|21\d\d)$/.test(search.year ?? '') ? Number(search.year) : undefined
  const found = useQuery({ ...calendarQuery(id, asked), placeholderData: (before) => before })
  const year = asked ?? found.data?.year ?? new Date().getFullYear()
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/admin', search: { ...search, ...change }, replace: true })
  const titleOf = (of: string) => (i18n.exists(`calendars:names.${of}`) ? `${of} · ${t(`names.${of as 'W'}`)}` : of)
  return (
    <>
      <Group gap="xs" mb="xs">
        <SegmentedControl
          aria-label={t('calendar')}
          value={id}
          onChange={(calendar) => set({ calendar })}
          data={known.map((value) => ({ value, label: titleOf(value) }))}
        />
        <Group gap={4} wrap="nowrap">
          <ActionIcon variant="default" size={30} aria-label={t('previous')} onClick={() => set({ year: String(year - 1) })}>
            <IconChevronLeft size={16} />
          </ActionIcon>
          <Title order={2} miw={84} ta="center">
            {t('year', { year })}
          </Title>
          <ActionIcon variant="default" size={30} aria-label={t('next')} onClick={() => set({ year: String(year + 1) })}>
            <IconChevronRight size={16} />
          </ActionIcon>
        </Group>
        {found.data?.provisional && <Badge color="orange">{t('provisional')}</Badge>}
      </Group>
      <Loaded of={found} rows={10}>
        {(data) => <Year key={`${id} ${data.calendar.version}`} data={data} />}
      </Loaded>
    </>
  )
}

function Year({ data }: { data: CalendarYear }) {
  const { t } = useTranslation('calendars')
  const may = useMe().may.change.includes('Calendar')
  const [part, setPart] = useState<Part>()
  const { year, provisional, days, calendar } = data
  const { continuous } = calendar.spec
  const count = (kind: string) => days.filter((day) => day.kind === kind).length
  return (
    <>
      {provisional && (
        <Alert color="orange" mb="sm">
          <Group justify="space-between" gap="xs">
            <Text size="sm" style={{ flex: 1, minWidth: 220 }}>
              {t('provisionalText', { year })}
            </Text>
            {may && (
              <Button size="xs" variant="default" onClick={() => setPart({ kind: 'year', year })}>
                {t('publish')}
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {continuous ? (
        <Alert color="blue">{t('continuous')}</Alert>
      ) : (
        <>
          <Text size="sm" mb="xs">
            {t('counts', { work: count('work') + count('make-up'), holiday: count('holiday'), makeUp: count('make-up') })}
          </Text>
          <YearView year={data} open={may ? (day) => setPart({ kind: 'day', date: day.date }) : undefined} />
        </>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} mt="md">
        {!continuous && <Hours data={data} change={may ? () => setPart({ kind: 'hours' }) : undefined} />}
        <Versions data={data} />
      </SimpleGrid>
      {part && <CalendarEditor calendar={calendar} part={part} close={() => setPart(undefined)} />}
    </>
  )
}

function Hours({ data, change }: { data: CalendarYear; change: (() => void) | undefined }) {
  const { t } = useTranslation(['calendars', 'organisation'])
  const lang = useLang()
  const days = (weekdays: readonly number[]) =>
    weekdays.map((weekday) => t(`organisation:weekdays.${String(weekday) as '1'}`)).join(lang === 'zh' ? '\u3001' : ', ')
  return (
    <section>
      <Group mb="xs" gap="xs">
        <Title order={2}>{t('shifts')}</Title>
        {change && (
          <Button size="compact-sm" variant="default" onClick={change}>
            {t('changeShifts')}
          </Button>
        )}
      </Group>
      <Table verticalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          {sameHours(data.calendar.spec.shifts).map(({ weekdays, hours }) => (
            <Table.Tr key={hours}>
              <Table.Th scope="row" fw={500}>
                {days(weekdays)}
              </Table.Th>
              <Table.Td>{hours || t('none')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}

function Versions({ data }: { data: CalendarYear }) {
  const { t } = useTranslation('calendars')
  const { name } = useTitles()
  return (
    <section>
      <Title order={2} mb="xs">
        {t('versions')}
      </Title>
      <List size="sm" spacing={4}>
        {data.versions.map(({ version, state, validFrom, changedBy, note }) => (
          <List.Item key={version}>
            {t('version', { version })}{' '}
            <Badge color={state === 'in-force' ? 'teal' : state === 'announced' ? 'blue' : 'gray'}>{t(`state.${state}`)}</Badge>{' '}
            <Text span size="xs" c="dimmed">
              <When at={validFrom} absolute /> · {changedBy ? name(data.names, changedBy) : t('product')} {note}
            </Text>
          </List.Item>
        ))}
      </List>
    </section>
  )
}
