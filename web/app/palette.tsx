/** Ctrl K: orders, customers, people, and everything that a key on this page does. */
import '@mantine/spotlight/styles.css'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { found as foundSchema } from '../../api/schemas/search.ts'
import { get } from '../http/client.ts'
import { shown, useActiveShortcuts } from '../keys/registry.ts'
import { useTitles } from '../texts/use-lang.ts'
import { searchOf, viewPages, viewsQuery } from '../views/queries.ts'
import { placesOf } from './places.ts'
import { useMe } from './session.ts'

const [store, spotlight] = createSpotlight()

/** Themselves in the palette they would be a riddle. */
const hidden = new Set(['palette', 'slash'])

/** @param asked how often somebody has wanted it: each time it opens */
export function Palette({ asked }: { asked: number }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const found = useFound(typed)
  const shortcuts = useActiveShortcuts()
  useEffect(() => {
    if (asked > 0) spotlight.open()
  }, [asked])
  const commands = new Map<string, SpotlightActionData[]>()
  for (const { id, label, group, keys, run } of shortcuts) {
    if (hidden.has(id)) continue
    const action = { id: `key-${id}`, label, onClick: run, rightSection: keys ? shown(keys).join(' ') : undefined }
    commands.set(group, [...(commands.get(group) ?? []), action])
  }
  const groups: SpotlightActionGroupData[] = [...found, ...useViews(), ...[...commands].map(([group, actions]) => ({ group, actions }))]
  return (
    <Spotlight
      store={store}
      actions={groups.filter(({ actions }) => actions.length > 0)}
      query={typed}
      onQueryChange={setTyped}
      nothingFound={t('palette.empty')}
      shortcut={null}
      limit={30}
      scrollable
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
    />
  )
}

/** Named views, by page; only of pages that the reader has. */
function useViews(): SpotlightActionGroupData[] {
  const { t } = useTranslation(['common', 'views'])
  const { name } = useTitles()
  const navigate = useNavigate()
  const mine = placesOf(useMe())
  const { data } = useQuery(viewsQuery)
  return viewPages
    .filter((page) => mine.includes(page))
    .map((page) => ({
      group: t('views:palette', { page: t(`nav.${page}`) }),
      actions: (data?.items ?? [])
        .filter((view) => view.page === page)
        .map((view) => ({
          id: view.id,
          label: view.name,
          description: view.mine ? undefined : name(data!.names, view.owner),
          onClick: () => void navigate({ to: `/${page}`, search: searchOf(view) }),
        })),
    }))
}

/** What the record has for the words. The palette filters by label and keywords, so what was found carries the words as a keyword. */
function useFound(typed: string): SpotlightActionGroupData[] {
  const { t } = useTranslation()
  const { say } = useTitles()
  const navigate = useNavigate()
  const [asked] = useDebouncedValue(typed.trim(), 180)
  const { data } = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => get<z.output<typeof foundSchema>>('/search', { q: asked }, signal),
    enabled: asked.length > 0,
  })
  if (!data || !typed.trim()) return []
  const action = (id: string, label: string, description: string, onClick: () => void): SpotlightActionData => ({
    id,
    label,
    description,
    keywords: typed,
    onClick,
  })
  return [
    {
      group: t('nav.orders'),
      actions: data.orders.map(({ id, no, title, customer }) =>
        action(id, `${no ?? ''} ${title}`, say(customer), () => void navigate({ to: '/orders/$order', params: { order: id } })),
      ),
    },
    {
      group: t('nav.customers'),
      actions: data.customers.map(({ id, no, name }) =>
        action(id, say(name), no, () => void navigate({ to: '/customers/$customer', params: { customer: id } })),
      ),
    },
    {
      group: t('nav.people'),
      actions: data.people.map(({ id, name, unit }) =>
        action(id, say(name), unit, () => void navigate({ to: '/people', search: { unit } })),
      ),
    },
    {
      group: t('nav.newOrder'),
      actions: data.processes
        .filter(({ startable }) => startable)
        .map(({ id, no, title }) =>
          action(id, `${no} ${say(title)}`, t('nav.newOrder'), () => void navigate({ to: '/orders/new', search: { process: id } })),
        ),
    },
  ]
}
