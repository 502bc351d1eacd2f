/** Addresses of the console. Filters live in the address, so that a link is a saved view. Every room is a chunk of its own. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { ApiProblem } from '../http/problem.ts'
import { meQuery, queryClient } from '../http/queries.ts'
import { changeLang, type Lang, preferredLang, startRooms } from '../texts/i18n.ts'
import { Crashed, Missing } from './failure.tsx'
import { firstPlace, placesOf } from './places.ts'
import { Shell } from './shell.tsx'

export type Search = Readonly<Record<string, string | undefined>>

/** Filters as texts; what is not a text is left out. */
const texts = (raw: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(raw)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
      .map(([name, value]) => [name, String(value)]),
  )

const root = createRootRoute({ notFoundComponent: Missing, errorComponent: Crashed })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: texts,
  component: lazyRouteComponent(() => import('../login/login-page.tsx'), 'LoginPage'),
})

/** The customer's page has no login: the link is the key. */
const track = createRoute({
  getParentRoute: () => root,
  path: '/track/$token',
  component: lazyRouteComponent(() => import('../track/track-page.tsx'), 'TrackPage'),
})

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  errorComponent: Crashed,
  notFoundComponent: Missing,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery)
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) throw redirect({ to: '/login', search: { then: location.href } })
      throw error
    }
  },
})

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async () => {
    const me = await queryClient.ensureQueryData(meQuery)
    // Somebody who has chosen no language here reads his own.
    if (!localStorage.getItem('paidan.chosen') && me.lang !== preferredLang()) await changeLang(me.lang satisfies Lang)
    const first = firstPlace(me)
    throw redirect({ to: placesOf(me).some((place) => `/${place}` === first) ? first : '/orders' })
  },
})

const page = <const Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => inside, path, validateSearch: texts, component, errorComponent: Crashed, notFoundComponent: Missing })

/** A room whose texts come with it. */
const room = <const Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({
    getParentRoute: () => inside,
    path,
    validateSearch: texts,
    component,
    errorComponent: Crashed,
    notFoundComponent: Missing,
    loader: startRooms,
    staleTime: Number.POSITIVE_INFINITY,
  })

const routeTree = root.addChildren([
  login,
  track,
  inside.addChildren([
    home,
    page(
      '/work',
      lazyRouteComponent(() => import('../work/work-page.tsx'), 'WorkPage'),
    ),
    page(
      '/board',
      lazyRouteComponent(() => import('../board/board-page.tsx'), 'BoardPage'),
    ),
    page(
      '/people',
      lazyRouteComponent(() => import('../people/people-page.tsx'), 'PeoplePage'),
    ),
    page(
      '/orders',
      lazyRouteComponent(() => import('../orders/orders-page.tsx'), 'OrdersPage'),
    ),
    page(
      '/orders/new',
      lazyRouteComponent(() => import('../new-order/new-order-page.tsx'), 'NewOrderPage'),
    ),
    page(
      '/orders/$order',
      lazyRouteComponent(() => import('../order/order-page.tsx'), 'OrderPage'),
    ),
    page(
      '/customers/$customer',
      lazyRouteComponent(() => import('../customers/customer-page.tsx'), 'CustomerPage'),
    ),
    page(
      '/supervise',
      lazyRouteComponent(() => import('../supervise/supervise-page.tsx'), 'SupervisePage'),
    ),
    room(
      '/audit',
      lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
    ),
    room(
      '/audit/$order',
      lazyRouteComponent(() => import('../audit/audit-order-page.tsx'), 'AuditOrderPage'),
    ),
    room(
      '/retention',
      lazyRouteComponent(() => import('../retention/retention-page.tsx'), 'RetentionPage'),
    ),
    room(
      '/retention/campaigns/$campaign',
      lazyRouteComponent(() => import('../retention/campaign-page.tsx'), 'CampaignPage'),
    ),
    room(
      '/retention/detections/$detection',
      lazyRouteComponent(() => import('../retention/detection-page.tsx'), 'DetectionPage'),
    ),
    room(
      '/settlement',
      lazyRouteComponent(() => import('../settlement/settlement-page.tsx'), 'SettlementPage'),
    ),
    room(
      '/settlement/runs/$run',
      lazyRouteComponent(() => import('../settlement/run-page.tsx'), 'RunPage'),
    ),
    room(
      '/settlement/bills/$bill',
      lazyRouteComponent(() => import('../settlement/bill-page.tsx'), 'BillPage'),
    ),
    page(
      '/health',
      lazyRouteComponent(() => import('../health/health-page.tsx'), 'HealthPage'),
    ),
    room(
      '/admin',
      lazyRouteComponent(() => import('../admin/admin-page.tsx'), 'AdminPage'),
    ),
    room(
      '/admin/people/new',
      lazyRouteComponent(() => import('../admin/people/new-person-page.tsx'), 'NewPersonPage'),
    ),
    room(
      '/admin/people/$person',
      lazyRouteComponent(() => import('../admin/people/person-page.tsx'), 'PersonPage'),
    ),
    page(
      '/notifications',
      lazyRouteComponent(() => import('../notifications/notifications-page.tsx'), 'NotificationsPage'),
    ),
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  // Every filter is a text: an address reads `?seq=2`, not `?seq=%222%22`.
  parseSearch: (query) => Object.fromEntries(new URLSearchParams(query)),
  stringifySearch: (search) => {
    const query = new URLSearchParams(Object.entries(texts(search)) as [string, string][]).toString()
    return query && `?${query}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
