/** What people and operators do to the product itself, as opposed to what they do with orders. */

/** What the log of administration (prisma/admin-log.ts) takes. A new operation adds its own here. */
export const adminActions = [
  'person-changed',
  'scopes-changed',
  'absence-changed',
  'unit-changed',
  'calendar-changed',
  'policy-changed',
  'schedule-changed',
  'schedule-removed',
  'schedule-run',
  'token-made',
  'token-revoked',
  'sessions-revoked',
  'model-saved',
  'model-released',
  'scheme-saved',
  'scheme-released',
  'order-verified',
  'orders-rehydrated',
  'personal-data-erased',
] as const

export type AdminAction = (typeof adminActions)[number]
