/** Ctrl K: orders, customers, people, and everything that a key on this page does. */
import { Spotlight, type SpotlightActionGroupData, createSpotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDebouncedValue } from '@mantine/hooks'
import { ordersQuery } from '../http/queries.ts'
import { shown, useActiveShortcuts } from '../keys/registry.ts'
import { useTitles } from '../texts/use-lang.ts'

const [store, spotlight] = createSpotlight()

export const openPalette = (): void => spotlight.open()

export function Palette() {
  const { t } = useTranslation()
  const { say } = useTitles()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [asked] = useDebouncedValue(typed.trim(), 200)
  const shortcuts = useActiveShortcuts()
  const found = useQuery({ ...ordersQuery({ q: asked, limit: 8 }), enabled: asked.length > 0 })
  const orders = (asked ? (found.data?.items ?? []) : []).map(({ id, no, title, customer }) => ({
    id,
    label: `${no ?? ''} ${title}`,
    description: say(customer?.name),
    keywords: typed,
    onClick: () => void navigate({ to: '/orders/$order', params: { order: id } }),
  }))
  const commands = new Map<string, SpotlightActionGroupData['actions']>()
  for (const { id, label, group, keys, run } of shortcuts) {
    if (id === 'palette' || id === 'slash') continue
    const action = { id: `key-${id}`, label, onClick: run, rightSection: keys ? shown(keys).join(' ') : undefined }
    commands.set(group, [...(commands.get(group) ?? []), action])
  }
  const actions: SpotlightActionGroupData[] = [
    ...(orders.length > 0 ? [{ group: t('nav.orders'), actions: orders }] : []),
    ...[...commands].map(([group, list]) => ({ group, actions: list })),
  ]
  return (
    <Spotlight
      store={store}
      actions={actions}
      query={typed}
      onQueryChange={setTyped}
      nothingFound={t('palette.empty')}
      shortcut={null}
      limit={20}
      scrollable
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: t('palette.placeholder'), 'aria-label': t('palette.placeholder') }}
    />
  )
}
