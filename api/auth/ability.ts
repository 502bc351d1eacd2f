/**
 * What a person may do and see, in one place and denied by default: roles decide actions, region and unit decide what is in sight.
 * Lists use `visible…` (SQL), single things and pickers use the ability; both come from the same scope, and a test holds them together.
 */
import { type Ability, AbilityBuilder, subject } from '@casl/ability'
import { createPrismaAbility } from '@casl/prisma/runtime'
import type { CommandType } from '../../domain/order/command.ts'
import { commandTypes } from '../../domain/order/command.ts'
import { type RoleGroup, type RoleId, inGroup } from '../../domain/roles.ts'
import { type Sql, below, oneOf, sql } from '../queries/sql.ts'
import { type PolicyKind, policyKinds } from '../schemas/policy.ts'
import { actingRoles, type Principal } from './principal.ts'

export type Subject =
  | 'Order'
  | 'Task'
  | 'Rung'
  | 'Customer'
  | 'Service'
  | 'Contract'
  | 'Solution'
  | 'Resource'
  | 'Payment'
  | 'Staff'
  | 'OrgUnit'
  | 'Policy'
  | 'Schedule'
  | 'Settlement'
  | 'Agent'
  | 'Bill'
  | 'Retention'
  | 'Health'
  | 'Process'
  | 'Notification'
  | 'Command'
  | 'AdminLog'
  | 'Calendar'
export type Action = 'read' | 'audit' | 'command' | 'attach' | 'start' | 'give' | 'change' | 'release' | 'enter' | 'erase'

type Conditions = Record<string, unknown>
export type AppAbility = Ability<[Action, Subject | Record<string, unknown>], Conditions>

/**
 * Who may start a process, by role; a process that is not listed may be started by `anyInternal`. Supervisors may start all.
 * The roles are those that the catalogue's first steps and triggers name.
 */
const starters: Readonly<Record<string, readonly RoleId[]>> = {
  'order-fulfilment': ['dispatcher', 'hotline-agent', 'kac-staff', 'customer-rep', 'account-manager', 'market-dept'],
  'customer-visit': ['kac-staff', 'customer-rep', 'account-manager', 'dispatcher'],
  'solution-argumentation': ['kac-staff', 'product-manager'],
  complaint: ['hotline-agent', 'kac-staff', 'dispatcher', 'account-manager', 'customer-rep', 'response-centre'],
  'customer-transfer': ['kac-staff', 'business-rep'],
  suggestion: ['hotline-agent', 'kac-staff', 'dispatcher', 'account-manager', 'customer-rep', 'business-rep', 'response-centre'],
  'contract-countersign': ['kac-staff', 'account-manager', 'customer-rep', 'business-dept', 'business-rep', 'product-manager'],
  construction: ['kac-staff', 'product-manager', 'engineering-dept', 'business-dept'],
  'service-activation': ['kac-staff', 'hotline-agent', 'account-manager', 'customer-rep', 'business-dept', 'business-rep', 'dispatcher'],
  'data-service-activation': ['branch', 'technical-dept', 'kac-staff', 'business-dept'],
  'return-visit': ['kac-staff', 'account-manager', 'customer-rep', 'dispatcher', 'market-dept'],
  'fault-level-1': [
    'hotline-agent',
    'kac-staff',
    'monitor-centre',
    'response-centre',
    'dispatcher',
    'account-manager',
    'customer-rep',
    'maintenance-dept',
  ],
  'fault-level-2': [
    'hotline-agent',
    'kac-staff',
    'monitor-centre',
    'response-centre',
    'dispatcher',
    'account-manager',
    'customer-rep',
    'maintenance-dept',
  ],
  'credit-review': ['kac-staff', 'finance-dept', 'analyst'],
  'arrears-dunning': ['group-dept', 'kac-staff', 'finance-dept', 'dunning-centre'],
  'network-leave': ['dispatcher', 'account-manager', 'hotline-agent', 'kac-staff'],
  retention: ['analyst', 'account-manager', 'kac-staff'],
  'customer-maintenance': ['analyst', 'account-manager', 'kac-staff'],
  'abnormal-customer-tracking': ['analyst', 'account-manager'],
  'settlement-unified': ['settlement-clerk'],
  'settlement-single': ['settlement-clerk'],
  'settlement-special': ['market-dept', 'settlement-clerk'],
  'settlement-real-time': ['settlement-clerk', 'market-dept'],
  'settlement-rerun': ['settlement-clerk'],
  'rebate-payout': ['market-dept', 'finance-dept'],
  'commission-correction': ['market-dept', 'finance-dept'],
  'graded-fault': [
    'monitor-centre',
    'hotline-agent',
    'response-centre',
    'dispatcher',
    'kac-staff',
    'account-manager',
    'customer-rep',
    'maintenance-dept',
  ],
}

/**
 * Who may change policies, by role, where the role is held at the level of the province: what they say holds in all of it. Nobody widens
 * his own authority: that of the directors is decided above them.
 */
const changers: Readonly<Record<PolicyKind, readonly RoleId[]>> = {
  limits: ['kac-director', 'vp-in-charge'],
  ladders: ['kac-director', 'vp-in-charge'],
  authority: ['vp-in-charge'],
  dispatch: ['kac-director', 'vp-in-charge', 'supervisor'],
  screening: ['kac-director', 'vp-in-charge'],
  repeat: ['kac-director', 'vp-in-charge'],
  review: ['kac-director', 'vp-in-charge'],
  validity: ['kac-director', 'vp-in-charge'],
  credit: ['kac-director', 'vp-in-charge'],
  'late-payment': ['kac-director', 'vp-in-charge'],
}

/** Who looks after people and units of the own region, and at the level of the province after calendars. */
const administrators: readonly RoleId[] = ['kac-director', 'vp-in-charge']

/** Who may change what time starts, where the role is held at the level of the province. */
const schedulers: readonly RoleId[] = ['kac-director', 'vp-in-charge', 'supervisor']

/** Who looks after the system itself, where the role is held at the level of the province. */
const operators: readonly RoleId[] = ['kac-director', 'vp-in-charge', 'supervisor']

/** Who may erase a customer's personal data, where the role is held at the level of the province. */
const erasers: readonly RoleId[] = ['kac-director', 'vp-in-charge']

const workers = ['engineer', 'dispatcher', 'supervisor'] as const

/** Groups that may give each command at all; the order's rules then decide whether now, and whether this person. */
const givers: Readonly<Record<CommandType, readonly RoleGroup[]>> = {
  dispatch: ['dispatcher', 'supervisor'],
  accept: [...workers, 'external'],
  refuse: [...workers, 'external'],
  complete: [...workers, 'external'],
  return: [...workers, 'external'],
  reassign: [...workers, 'external'],
  suspend: [...workers, 'external'],
  resume: [...workers, 'external'],
  urge: workers,
  comment: [...workers, 'external'],
  'set-priority': ['dispatcher', 'supervisor'],
  sign: [...workers, 'external'],
  'add-signer': workers,
  'remove-signer': ['dispatcher', 'supervisor'],
  withdraw: ['supervisor'],
  extend: ['supervisor'],
  'ask-extension': [...workers, 'external'],
  'grant-extension': ['supervisor'],
  'deny-extension': ['supervisor'],
  raise: ['supervisor'],
  amend: ['supervisor'],
}

/** Roles beside finance whose work begins with what has been paid. */
const payers: readonly RoleId[] = ['settlement-clerk', 'dunning-centre']

/** Who looks after settlement: schemes, runs, bills, the ledger. Supervisors and auditors may look. */
const settlers: readonly RoleId[] = ['settlement-clerk', 'market-dept', 'finance-dept']
/** Who writes schemes and says which agent has which; a second person puts them in force. */
const schemers: readonly RoleId[] = ['settlement-clerk', 'market-dept']
const schemeReleasers: readonly RoleId[] = ['market-dept', 'kac-director', 'vp-in-charge']
/** Who writes the models of detection runs and puts them in force; cli/retention asks for the same. */
const modellers: readonly RoleId[] = ['analyst', 'kac-director', 'vp-in-charge']
const modelReaders: readonly RoleId[] = ['analyst', 'account-manager', 'kac-staff']

const groups: readonly RoleGroup[] = ['dispatcher', 'engineer', 'supervisor', 'external', 'auditor']

/** The rules of one person. Somebody without a role of these groups may do nothing. */
export function abilityFor(principal: Principal): AppAbility {
  const { can, build } = new AbilityBuilder<AppAbility>(createPrismaAbility as never)
  const has = (...wanted: RoleGroup[]) => wanted.some((group) => inGroup(actingRoles(principal), group))
  if (!has(...groups)) return build()
  const inside = !principal.external
  const region = { OR: [{ regionPath: principal.region.path }, { regionPath: { startsWith: `${principal.region.path}/` } }] }

  can('read', 'Process')
  can('read', 'Notification', { staffId: principal.id })
  can('read', 'Task')
  can('read', 'Rung')
  can('read', 'Order', { involved: true })
  if (inside) {
    can('read', 'Order', region)
    can('audit', 'Order')
    // A customer of the province is also the business of the city where one of its circuits ends.
    const customer = { OR: [...region.OR, { accountManagerId: principal.id }, { services: { some: region } }] }
    can('read', 'Customer', customer)
    can('read', ['Contract', 'Solution'], { customer: { is: customer } })
    can('read', 'Resource', region)
    can('read', 'Service', { OR: [...region.OR, { customer: { is: { accountManagerId: principal.id } } }] })
    can('read', 'OrgUnit', { OR: [...region.OR, { regionPath: { in: above(principal.region.path) } }] })
    can('read', 'Staff', { active: true, unit: { is: { OR: [...region.OR, { regionPath: { in: above(principal.region.path) } }] } } })
    can('read', ['Policy', 'Schedule'])
    const held = principal.grants.filter(({ level }) => level === 'province').map(({ role }) => role)
    if (erasers.some((role) => held.includes(role))) can('erase', 'Customer')
    if (schedulers.some((role) => held.includes(role))) can('change', 'Schedule')
    const operates = operators.some((role) => held.includes(role))
    if (operates || held.includes('auditor')) can('read', 'Health')
    if (operates) can('change', 'Health')
    can('change', 'Policy', { kind: { in: policyKinds.filter((kind) => changers[kind].some((role) => held.includes(role))) } })
  }
  if (has('dispatcher', 'engineer', 'supervisor', 'external')) {
    can('command', 'Order')
    can('attach', 'Order')
    const given = commandTypes.filter((type) => (inside ? has(...givers[type]) : givers[type].includes('external')))
    can('give', 'Command', { type: { in: given } })
  }
  // Money: finance looks after it, and after what nobody could place; supervisors, auditors and whoever settles or duns may look.
  const finance = inside && principal.roles.includes('finance-dept')
  if (finance) can('enter', 'Payment')
  if (finance || (inside && (has('supervisor', 'auditor') || principal.roles.some((role) => payers.includes(role))))) can('read', 'Payment')
  const holds = (roles: readonly RoleId[]) => inside && principal.roles.some((role) => roles.includes(role))
  if (inside && has('auditor')) can('read', 'AdminLog')
  if (inside && principal.roles.some((role) => administrators.includes(role))) {
    can('change', ['Staff', 'OrgUnit'])
    if (principal.grants.some(({ role, level }) => level === 'province' && administrators.some((one) => one === role)))
      can('change', 'Calendar')
  }
  const looks = inside && has('supervisor', 'auditor')
  if (looks || holds(settlers)) can('read', ['Settlement', 'Agent', 'Bill'])
  // An agent's own people see what is his (visibleAgents), and of his bills those that are settled.
  else if (principal.external && principal.roles.includes('agent')) can('read', ['Agent', 'Bill'])
  if (holds(schemers)) can('change', 'Settlement')
  if (holds(schemeReleasers)) can('release', 'Settlement')
  if (looks || holds(modelReaders)) can('read', 'Retention')
  if (holds(modellers)) can(['change', 'release'], 'Retention')
  if (inside && has('supervisor')) can('start', 'Process')
  else if (inside && has('dispatcher', 'engineer')) {
    const mine = Object.keys(starters).filter((process) => starters[process]!.some((role) => principal.roles.includes(role)))
    can('start', 'Process', { id: { in: mine } })
    can('start', 'Process', { NOT: { id: { in: Object.keys(starters) } } })
  }
  return build()
}

const one = (type: Subject, fields: Record<string, unknown>) => subject(type, { ...fields }) as Record<string, unknown>

/** True when the person may start the process. */
export const mayStart = (ability: AppAbility, process: string): boolean => ability.can('start', one('Process', { id: process }))

/** True when the person may make the next version of policies of this kind. */
export const mayChange = (ability: AppAbility, kind: PolicyKind): boolean => ability.can('change', one('Policy', { kind }))

/** True when the person's roles allow the command at all. */
export const mayGive = (ability: AppAbility, type: CommandType): boolean => ability.can('give', one('Command', { type }))

/** True when an order of this region, involving the person or not, is in sight. */
export const maySee = (ability: AppAbility, order: { regionPath: string; involved: boolean }): boolean =>
  ability.can('read', one('Order', order))

/** The region itself and those it lies in, e.g. /cn/js/nj → /cn/js/nj, /cn/js, /cn. */
export function above(region: string): string[] {
  const parts = region.split('/').slice(1)
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`)
}

/** True when `region` is the person's, below it, or above it: whom one may name when work goes down the line or up. */
export const onLine = (principal: Principal, region: string): boolean =>
  region === principal.region.path || region.startsWith(`${principal.region.path}/`) || above(principal.region.path).includes(region)

/** The person and the absent colleagues for whom the person stands. */
export const selves = (principal: Principal): string[] => [principal.id, ...principal.standsFor.map(({ id }) => id)]

/**
 * Orders that involve the person: a task offered or held, a signature asked for or given, a task done; of the person, an absent
 * colleague or one of the units. Each branch has an index of its own.
 */
const involvedOrders = (principal: Principal): Sql => sql`
  SELECT order_id FROM task WHERE closed_at IS NULL AND person_id IS NOT NULL AND ${oneOf(sql`person_id`, selves(principal))}
  UNION ALL SELECT order_id FROM task WHERE closed_at IS NULL AND unit_id IS NOT NULL AND ${oneOf(sql`unit_id`, principal.units)}
  UNION ALL SELECT order_id FROM task WHERE done_by IS NOT NULL AND done_by = ${principal.id}
  UNION ALL SELECT order_id FROM signature
             WHERE answer IS NULL AND removed_at IS NULL AND person_id IS NOT NULL AND ${oneOf(sql`person_id`, selves(principal))}
  UNION ALL SELECT order_id FROM signature
             WHERE answer IS NULL AND removed_at IS NULL AND unit_id IS NOT NULL AND ${oneOf(sql`unit_id`, principal.units)}
  UNION ALL SELECT order_id FROM signature WHERE signed_by IS NOT NULL AND signed_by = ${principal.id}`

/** Whether the order of the row `o` involves the person, as a value. */
export const involved = (principal: Principal): Sql =>
  sql`(o.started_by IS NOT DISTINCT FROM ${principal.id} OR EXISTS (SELECT 1 FROM (${involvedOrders(principal)}) i WHERE i.order_id = o.id))`

/** Orders `o` in sight. */
export function visibleOrders(principal: Principal, ability: AppAbility): Sql {
  if (!ability.can('read', 'Order')) return sql`FALSE`
  const mine = sql`o.started_by = ${principal.id} OR o.id IN (${involvedOrders(principal)})`
  return principal.external ? sql`(${mine})` : sql`(${below(sql`o.region_path`, principal.region.path)} OR ${mine})`
}

/** Open tasks `t` offered to the person, an absent colleague or one of the units, or held by them. */
export const ownTasks = (principal: Principal): Sql =>
  sql`(${oneOf(sql`t.person_id`, selves(principal))} OR ${oneOf(sql`t.unit_id`, principal.units)})`

/** Tasks `t` in sight. */
export function visibleTasks(principal: Principal, ability: AppAbility): Sql {
  if (!ability.can('read', 'Task')) return sql`FALSE`
  const mine = ownTasks(principal)
  return principal.external ? mine : sql`(${below(sql`t.region_path`, principal.region.path)} OR ${mine})`
}

/** Rungs `r` in sight. */
export function visibleRungs(principal: Principal, ability: AppAbility): Sql {
  if (!ability.can('read', 'Rung')) return sql`FALSE`
  const mine = sql`(${oneOf(sql`r.holder_id`, selves(principal))} OR ${oneOf(sql`r.unit_id`, principal.units)})`
  return principal.external ? mine : sql`(${below(sql`r.region_path`, principal.region.path)} OR ${mine})`
}

/** Payments `p` in sight, with their order `o` and customer `c`, if any: by the order's region, else by the customer's. */
export function visiblePayments(principal: Principal, ability: AppAbility): Sql {
  if (!ability.can('read', 'Payment')) return sql`FALSE`
  const { path } = principal.region
  const placed = sql`${below(sql`o.region_path`, path)} OR (p.order_id IS NULL AND ${below(sql`c.region_path`, path)})`
  return ability.can('enter', 'Payment') ? sql`(${placed} OR (p.order_id IS NULL AND p.customer_id IS NULL))` : sql`(${placed})`
}

/** Agents `a` in sight: those of the own region; of an agent's people, himself. */
export function visibleAgents(principal: Principal, ability: AppAbility): Sql {
  if (!ability.can('read', 'Agent')) return sql`FALSE`
  return principal.external ? oneOf(sql`a.unit_id`, principal.units) : below(sql`a.region_path`, principal.region.path)
}

/** Bills `b` of agents `a` in sight. What is still computed or argued about is not yet the agent's to see. */
export function visibleBills(principal: Principal, ability: AppAbility): Sql {
  if (!ability.can('read', 'Bill')) return sql`FALSE`
  return principal.external ? sql`(${visibleAgents(principal, ability)} AND b.settled_at IS NOT NULL)` : visibleAgents(principal, ability)
}
