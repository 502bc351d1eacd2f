import { Badge, Button, Group, Text, TextInput, SegmentedControl } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconUserPlus } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRoleTitles } from '../../order/words.ts'
import type { Choice } from '../../parts/form/picker.tsx'
import { UnitPicker } from '../../parts/form/pickers.tsx'
import { Grid, moreOf } from '../../parts/grid.tsx'
import { useNow } from '../../parts/now.ts'
import { Loaded } from '../../parts/query-state.tsx'
import { useRegions } from '../../parts/regions.ts'
import { useTitles } from '../../texts/use-lang.ts'
import { allUnitsQuery } from '../units/queries.ts'
import classes from './people.module.css'
import { type PeopleList as List, peopleQuery } from './queries.ts'
import { RoleSelect } from './role-select.tsx'

const states = ['active', 'off', 'all'] as const
type Name = List['names']

/** People in the care of the reader. What is looked for stands in the address. */
export function PeopleList() {
  const { t } = useTranslation('organisation')
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/admin' })
  const state = states.find((one) => one === search.state) ?? 'active'
  const { q, unit, role } = search
  const pages = useInfiniteQuery({
    ...peopleQuery({ q, unit, role, active: state === 'all' ? undefined : String(state === 'active') }),
    placeholderData: (before) => before,
  })
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '/admin', search: { ...search, ...change }, replace: true })
  return (
    <>
      <div className={classes.filters}>
        <Words value={q} set={(next) => set({ q: next })} />
        <PickedUnit id={unit} set={(next) => set({ unit: next })} />
        <RoleSelect
          filter
          label={t('role')}
          placeholder={t('anyRole')}
          value={role ?? null}
          onChange={(next) => set({ role: next ?? undefined })}
        />
        <SegmentedControl
          aria-label={t('state')}
          value={state}
          onChange={(next) => set({ state: next === 'active' ? undefined : next })}
          data={states.map((value) => ({ value, label: t(`states.${value}`) }))}
        />
        <Button component={Link} to="/admin/people/new" leftSection={<IconUserPlus size={16} />}>
          {t('newPerson')}
        </Button>
      </div>
      <Loaded of={pages} rows={10}>
        {({ pages: all }) => (
          <Table
            rows={all.flatMap(({ items }) => items)}
            names={Object.assign({}, ...all.map(({ names }) => names)) as Name}
            more={moreOf(pages)}
          />
        )}
      </Loaded>
    </>
  )
}

function Table({ rows, names, more }: { rows: List['items']; names: Name; more: ReturnType<typeof moreOf> }) {
  const { t } = useTranslation('organisation')
  const { say, name } = useTitles()
  const { nameOf } = useRegions()
  const now = useNow(60_000)
  return (
    <Grid
      label={t('people')}
      rows={rows}
      id={({ id }) => id}
      more={more}
      minWidth={820}
      empty={{ title: t('none') }}
      columns={[
        {
          head: t('person'),
          cell: (person) => (
            <Group gap={6} wrap="nowrap">
              <div>
                <Link to="/admin/people/$person" params={{ person: person.id }}>
                  {say(person.name)}
                </Link>
                <Text size="xs" c="dimmed">
                  {person.login}
                </Text>
              </div>
              {!person.active && <Badge color="gray">{t('off')}</Badge>}
              {person.absences.some(({ from }) => Date.parse(from) <= now) && <Badge color="orange">{t('away')}</Badge>}
            </Group>
          ),
        },
        { head: t('unit'), cell: ({ unit }) => name(names, unit) },
        { head: t('roles'), cell: ({ roles, unit }) => <Roles roles={roles} unit={unit} names={names} /> },
        { head: t('sees'), cell: ({ region }) => nameOf(region) },
        { head: t('phone'), cell: ({ phone }) => phone && <span style={{ whiteSpace: 'nowrap' }}>{phone}</span> },
        {
          head: t('openTasks'),
          end: true,
          cell: ({ openTasks, capacity }) => (capacity === null ? openTasks : `${openTasks} / ${capacity}`),
        },
      ]}
    />
  )
}

/** Each role once; where it is held in another unit than the own, with that. */
export function Roles({ roles, unit, names }: { roles: List['items'][number]['roles']; unit: string; names: Name }) {
  const { t } = useTranslation('organisation')
  const { name } = useTitles()
  const title = useRoleTitles()
  if (roles.length === 0)
    return (
      <Text size="xs" c="dimmed">
        {t('noRoles')}
      </Text>
    )
  return (
    <Group gap={4}>
      {roles.map((grant) => (
        <Badge key={`${grant.role} ${grant.unit}`} color="blue">
          {title(grant.role)}
          {grant.unit !== unit && ` \u00b7 ${name(names, grant.unit)}`}
        </Badge>
      ))}
    </Group>
  )
}

function Words({ value = '', set }: { value?: string; set: (q: string | undefined) => void }) {
  const { t } = useTranslation(['organisation', 'common'])
  const [text, setText] = useState(value)
  useEffect(() => {
    setText(value)
  }, [value])
  const later = useDebouncedCallback((q: string) => set(q.trim() || undefined), 250)
  return (
    <TextInput
      type="search"
      label={t('common:search')}
      placeholder={t('search')}
      leftSection={<IconSearch size={16} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        later(event.currentTarget.value)
      }}
    />
  )
}

function PickedUnit({ id, set }: { id?: string | undefined; set: (id: string | undefined) => void }) {
  const { t } = useTranslation('organisation')
  const { say } = useTitles()
  const [choice, setChoice] = useState<Choice | null>(null)
  const units = useQuery({ ...allUnitsQuery, enabled: id !== undefined && choice?.value !== id }).data
  const label = say(units?.items.find((unit) => unit.id === id)?.name) || id
  const known = id ? (choice?.value === id ? choice : { value: id, label: label ?? id }) : null
  return (
    <div>
      <UnitPicker
        label={t('unit')}
        value={known}
        onChange={(next) => {
          setChoice(next)
          set(next?.value)
        }}
      />
    </div>
  )
}
