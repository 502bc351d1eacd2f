import { Button, Menu, Text } from '@mantine/core'
import { IconBookmark, IconCheck, IconDeviceFloppy, IconSettings, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcuts } from '../keys/registry.ts'
import { useTitles } from '../texts/use-lang.ts'
import { sameSearch, searchOf, type View, type ViewPage, viewsQuery } from './queries.ts'

const SaveView = lazy(async () => ({ default: (await import('./save-view.tsx')).SaveView }))
const ManageViews = lazy(async () => ({ default: (await import('./manage-views.tsx')).ManageViews }))

interface Props {
  page: ViewPage
  /** What stands in the address now. */
  search: Readonly<Record<string, string | undefined>>
}

/** Named views of a page: the own and those that colleagues share; what is seen now can be kept as one. */
export function ViewMenu({ page, search }: Props) {
  const { t } = useTranslation('views')
  const { name } = useTitles()
  const navigate = useNavigate()
  const views = useQuery(viewsQuery)
  const [dialog, setDialog] = useState<'save' | 'manage'>()
  const items = (views.data?.items ?? []).filter((view) => view.page === page)
  const mine = items.filter((view) => view.mine)
  const others = items.filter((view) => !view.mine)
  const current = items.find((view) => sameSearch(searchOf(view), search))
  useShortcuts([{ id: `views-save-${page}`, keys: 'v', label: t('save'), group: t('title'), run: () => setDialog('save') }])
  const item = (view: View) => (
    <Menu.Item
      key={view.id}
      leftSection={current?.id === view.id ? <IconCheck size={16} /> : <IconBookmark size={16} />}
      rightSection={
        view.unit !== null && <IconUsers size={14} aria-label={t('sharedWith', { unit: name(views.data!.names, view.unit) })} />
      }
      onClick={() => void navigate({ to: `/${page}`, search: searchOf(view) })}
    >
      {view.name}
      {!view.mine && (
        <Text size="xs" c="dimmed">
          {t('by', { name: name(views.data!.names, view.owner), unit: name(views.data!.names, view.unit) })}
        </Text>
      )}
    </Menu.Item>
  )
  return (
    <>
      <Menu position="bottom-end" width={280} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconBookmark size={15} />} maw={220}>
            {current?.name ?? t('title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {items.length === 0 && <Menu.Label>{t('none')}</Menu.Label>}
          {mine.length > 0 && <Menu.Label>{t('mine')}</Menu.Label>}
          {mine.map(item)}
          {others.length > 0 && <Menu.Label>{t('shared')}</Menu.Label>}
          {others.map(item)}
          <Menu.Divider />
          <Menu.Item leftSection={<IconDeviceFloppy size={16} />} onClick={() => setDialog('save')}>
            {t('save')}
          </Menu.Item>
          {mine.length > 0 && (
            <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => setDialog('manage')}>
              {t('manage')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense fallback={null}>
        {dialog === 'save' && <SaveView page={page} search={search} known={mine} close={() => setDialog(undefined)} />}
        {dialog === 'manage' && <ManageViews search={search} views={mine} close={() => setDialog(undefined)} />}
      </Suspense>
    </>
  )
}
