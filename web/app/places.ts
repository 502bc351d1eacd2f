/** The rooms of the console: for whom each is, and which a person sees first. */
import type { Me } from '../http/types.ts'
import { hasRole, inGroup } from './session.ts'

export const placeNames = ['work', 'board', 'orders', 'supervise', 'retention', 'settlement', 'audit', 'health', 'admin'] as const
export type PlaceName = (typeof placeNames)[number]

interface Place {
  to: `/${PlaceName}`
  /** After `g`. */
  key: string
  mine: (me: Me) => boolean
}

const anybody = () => true
const settles = ['settlement-clerk', 'agent', 'finance-dept', 'market-dept', 'product-manager'] as const
const retains = ['analyst', 'marketing-staff', 'market-dept', 'account-manager', 'product-manager'] as const

export const places: Readonly<Record<PlaceName, Place>> = {
  work: { to: '/work', key: 'w', mine: (me) => inGroup(me, 'engineer', 'dispatcher', 'supervisor', 'external') && !hasRole(me, 'agent') },
  board: { to: '/board', key: 'b', mine: (me) => inGroup(me, 'dispatcher', 'supervisor') },
  orders: { to: '/orders', key: 'o', mine: anybody },
  supervise: { to: '/supervise', key: 's', mine: (me) => inGroup(me, 'supervisor') },
  retention: { to: '/retention', key: 'r', mine: (me) => hasRole(me, ...retains) || inGroup(me, 'supervisor', 'auditor') },
  settlement: { to: '/settlement', key: 'm', mine: (me) => hasRole(me, ...settles) || inGroup(me, 'auditor') },
  audit: { to: '/audit', key: 'a', mine: (me) => inGroup(me, 'auditor', 'supervisor') },
  health: { to: '/health', key: 'h', mine: (me) => inGroup(me, 'supervisor', 'auditor') },
  admin: { to: '/admin', key: 'd', mine: (me) => inGroup(me, 'supervisor', 'auditor') },
}

export const placesOf = (me: Me): PlaceName[] => placeNames.filter((name) => places[name].mine(me))

/** Where somebody's day begins. */
export function firstPlace(me: Me): Place['to'] {
  if (hasRole(me, 'settlement-clerk', 'agent')) return '/settlement'
  if (hasRole(me, 'analyst')) return '/retention'
  if (inGroup(me, 'auditor')) return '/audit'
  // Whoever dispatches begins at the board, though his centre may also approve.
  if (hasRole(me, 'dispatcher')) return '/board'
  if (inGroup(me, 'supervisor')) return '/supervise'
  if (inGroup(me, 'dispatcher')) return '/board'
  return '/work'
}
