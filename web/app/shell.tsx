import { ActionIcon, AppShell, Burger, Group, NavLink, Text, Tooltip, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconActivityHeartbeat,
  IconChecklist,
  IconCoins,
  IconHeartHandshake,
  IconKeyboard,
  IconLayoutKanban,
  IconListSearch,
  IconPlus,
  IconSearch,
  IconSettings,
  IconShieldCheck,
  IconUrgent,
} from '@tabler/icons-react'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onSignedOut } from '../http/client.ts'
import { queryClient } from '../http/queries.ts'
import { keepFocus } from '../keys/keep-focus.ts'
import { useShortcuts } from '../keys/registry.ts'
import { LiveBanner } from '../live/live-banner.tsx'
import { useFollow } from '../live/follow.ts'
import { Bell } from '../notifications/bell.tsx'
import { type PlaceName, places, placesOf } from './places.ts'
import { PersonMenu } from './person-menu.tsx'
import { useMe } from './session.ts'

const icons: Readonly<Record<PlaceName, typeof IconPlus>> = {
  work: IconChecklist,
  board: IconLayoutKanban,
  orders: IconListSearch,
  supervise: IconUrgent,
  retention: IconHeartHandshake,
  settlement: IconCoins,
  audit: IconShieldCheck,
  health: IconActivityHeartbeat,
  admin: IconSettings,
}

const KeySheet = lazy(async () => ({ default: (await import('../keys/sheet.tsx')).KeySheet }))
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))

/** The palette is fetched when the page is there, so that it does not hold up the page. */
const LATER_MS = 1_500

/** What surrounds every page of somebody who is signed in. */
export function Shell() {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const [menu, { toggle, close }] = useDisclosure()
  const [sheet, sheetActions] = useDisclosure()
  const mine = placesOf(me)
  const mayStart = me.may.start.length > 0

  const [later, setLater] = useState(false)
  // Who is quicker than the palette finds it open when it comes.
  const [asked, setAsked] = useState(0)
  const openPalette = () => setAsked((times) => times + 1)
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), LATER_MS)
    return () => clearTimeout(timer)
  }, [])
  useFollow()
  useEffect(close, [path])
  useEffect(() => {
    return keepFocus()
  }, [])
  useEffect(() => {
    return onSignedOut(() => {
      queryClient.clear()
      void navigate({ to: '/login', search: { then: path, ended: 'true' } })
    })
  })
  useShortcuts([
    { id: 'palette', keys: '$mod+k', label: t('keys.palette'), group: t('keys.general'), run: openPalette, whileTyping: true },
    { id: 'slash', keys: '/', label: t('keys.palette'), group: t('keys.general'), run: openPalette },
    { id: 'sheet', keys: 'Shift+?', label: t('keys.sheet'), group: t('keys.general'), run: sheetActions.open },
    ...(mayStart
      ? [{ id: 'new', keys: 'c', label: t('nav.newOrder'), group: t('keys.general'), run: () => void navigate({ to: '/orders/new' }) }]
      : []),
    ...mine.map((name) => ({
      id: `go-${name}`,
      keys: `g ${places[name].key}`,
      label: t('keys.go', { place: t(`nav.${name}`) }),
      group: t('keys.general'),
      run: () => void navigate({ to: places[name].to }),
    })),
  ])

  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 196, breakpoint: 'sm', collapsed: { mobile: !menu } }}
      padding={{ base: 'xs', sm: 'md' }}
    >
      <a href="#content" className="skip">
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={menu} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu')} aria-expanded={menu} />
            <Link to="/" style={{ textDecoration: 'none', color: 'inherit' }}>
              <Group gap={8} wrap="nowrap">
                <img src="/favicon.svg" width={24} height={24} alt="" />
                <Text fw={700} component="span">
                  {t('product')}
                </Text>
              </Group>
            </Link>
          </Group>
          <Group gap={4} wrap="nowrap">
            <Tooltip label={`${t('keys.palette')} (Ctrl K)`}>
              <ActionIcon variant="subtle" color="gray" size="lg" onClick={openPalette} aria-label={t('keys.palette')}>
                <IconSearch size={18} />
              </ActionIcon>
            </Tooltip>
            {mayStart && (
              <Tooltip label={`${t('nav.newOrder')} (C)`}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  onClick={() => void navigate({ to: '/orders/new' })}
                  aria-label={t('nav.newOrder')}
                >
                  <IconPlus size={18} />
                </ActionIcon>
              </Tooltip>
            )}
            <Bell />
            <Tooltip label={`${t('keys.title')} (?)`}>
              <ActionIcon variant="subtle" color="gray" size="lg" visibleFrom="sm" onClick={sheetActions.open} aria-label={t('keys.title')}>
                <IconKeyboard size={18} />
              </ActionIcon>
            </Tooltip>
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p={6} aria-label={t('menu')} style={{ overflowY: 'auto' }}>
        {mine.map((name) => {
          const Icon = icons[name]
          const here = path === places[name].to || path.startsWith(`${places[name].to}/`)
          return (
            <NavLink
              key={name}
              component={Link}
              to={places[name].to}
              active={here}
              aria-current={here ? 'page' : undefined}
              label={t(`nav.${name}`)}
              leftSection={<Icon size={17} stroke={1.7} />}
              py={7}
              style={{ borderRadius: 'var(--mantine-radius-sm)' }}
            />
          )
        })}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <VisuallyHidden aria-live="polite" id="said" />
        <LiveBanner />
        <Outlet />
      </AppShell.Main>
      <Suspense fallback={null}>{sheet && <KeySheet opened close={sheetActions.close} />}</Suspense>
      <Suspense fallback={null}>{(later || asked > 0) && <Palette asked={asked} />}</Suspense>
    </AppShell>
  )
}
