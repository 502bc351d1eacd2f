/** What a program may do with its token: never more than whoever made it, and of that only what the token's scopes name. */
import type { Operation } from '../http/operation.ts'

export const tokenScopes = ['read', 'work', 'money', 'admin'] as const

export type TokenScope = (typeof tokenScopes)[number]

/** Tags of operations whose changes are work with orders, or with money; the changes of all others are administration. */
const work = ['Orders', 'Work', 'Files', 'Customers', 'History']
const money = ['Payments', 'Settlement', 'Retention']

/** The scope that an operation asks of a token. Ending the own token asks for none. */
export function scopeFor({ id, method, tag }: Pick<Operation, 'id' | 'method' | 'tag'>): TokenScope | undefined {
  if (id === 'logOut' || id === 'whoAmI') return undefined
  if (method === 'get') return 'read'
  if (work.includes(tag)) return 'work'
  return money.includes(tag) ? 'money' : 'admin'
}
