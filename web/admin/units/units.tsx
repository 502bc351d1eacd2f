import { Badge, Button, Group, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../app/session.ts'
import { useRoleTitles } from '../../order/words.ts'
import { Grid } from '../../parts/grid.tsx'
import { Loaded } from '../../parts/query-state.tsx'
import { useRegions } from '../../parts/regions.ts'
import type { organisation } from '../../texts/en/organisation.ts'
import { useJoin, useTitles } from '../../texts/use-lang.ts'
import { allUnitsQuery, type Unit } from './queries.ts'
import { UnitEditor } from './unit-editor.tsx'

export interface Branch {
  unit: Unit
  depth: number
}

/** Parents before their children, each with how deep it lies. What lies under somebody out of sight stands at the top. */
export function treeOf(units: readonly Unit[]): Branch[] {
  const known = new Set(units.map(({ id }) => id))
  const under = (parent: string | null): Unit[] =>
    units.filter((unit) => (unit.parent !== null && known.has(unit.parent) ? unit.parent : null) === parent)
  const walk = (parent: string | null, depth: number): Branch[] =>
    under(parent).flatMap((unit) => [{ unit, depth }, ...walk(unit.id, depth + 1)])
  return walk(null, 0)
}

type Kind = keyof (typeof organisation)['kinds']

/** The tree of units, with what each is for. */
export function Units() {
  const { t, i18n } = useTranslation('organisation')
  const { pair } = useJoin()
  const { say, name } = useTitles()
  const { nameOf } = useRegions()
  const role = useRoleTitles()
  const me = useMe()
  const units = useQuery(allUnitsQuery)
  const [edited, setEdited] = useState<Unit | 'new'>()
  const mine = ({ region }: Unit) => region === me.region.path || region.startsWith(`${me.region.path}/`)
  const kind = (of: string) => (i18n.exists(`organisation:kinds.${of}`) ? t(`kinds.${of as Kind}`) : of)
  return (
    <>
      <Group justify="end" mb="xs">
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
          {t('newUnit')}
        </Button>
      </Group>
      <Loaded of={units} rows={10}>
        {({ items, names }) => (
          <Grid
            label={t('units')}
            rows={treeOf(items)}
            id={({ unit }) => unit.id}
            minWidth={860}
            columns={[
              {
                head: t('unit'),
                cell: ({ unit, depth }) => (
                  <div style={{ paddingInlineStart: depth * 18 }}>
                    <Text size="sm" fw={depth === 0 ? 600 : undefined}>
                      {say(unit.name)}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {unit.id}
                    </Text>
                  </div>
                ),
              },
              { head: t('kind'), cell: ({ unit }) => kind(unit.kind) },
              { head: t('region'), cell: ({ unit }) => nameOf(unit.region) },
              { head: t('leader'), cell: ({ unit }) => name(names, unit.leader) },
              {
                head: t('heldRoles'),
                cell: ({ unit }) => (
                  <Group gap={4}>
                    {unit.roles.map((one) => (
                      <Badge key={one} color="blue">
                        {role(one)}
                      </Badge>
                    ))}
                  </Group>
                ),
              },
              {
                head: t('count'),
                end: true,
                cell: ({ unit }) =>
                  mine(unit) ? (
                    <Link
                      to="/admin"
                      search={{ tab: 'people', unit: unit.id }}
                      aria-label={pair(t('inIt', { name: say(unit.name) }), String(unit.people))}
                    >
                      {unit.people}
                    </Link>
                  ) : (
                    unit.people
                  ),
              },
              {
                head: '',
                cell: ({ unit }) =>
                  mine(unit) && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => setEdited(unit)}
                      aria-label={t('changeUnit', { name: say(unit.name) })}
                    >
                      {t('change')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {edited && (
        <UnitEditor
          key={edited === 'new' ? 'new' : edited.id}
          unit={edited === 'new' ? undefined : edited}
          known={units.data}
          close={() => setEdited(undefined)}
        />
      )}
    </>
  )
}
