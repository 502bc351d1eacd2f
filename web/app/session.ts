/** Who is signed in. */
import { useSuspenseQuery } from '@tanstack/react-query'
import { request } from '../http/client.ts'
import { meQuery, queryClient } from '../http/queries.ts'
import { forgetReads } from '../offline/keep-reads.ts'
import type { Me } from '../http/types.ts'

export const useMe = (): Me => useSuspenseQuery(meQuery).data

export async function signIn(login: string, password: string): Promise<void> {
  queryClient.clear()
  await request('POST', '/sessions', { body: { login, password, kind: 'cookie' } })
}

export async function signOut(): Promise<void> {
  await request('DELETE', '/sessions/current')
  queryClient.clear()
  await forgetReads()
}

export const hasRole = (me: Me, ...roles: string[]): boolean => me.roles.some(({ role }) => roles.includes(role))
export const inGroup = (me: Me, ...groups: string[]): boolean =>
  me.roles.some((role) => role.groups.some((group) => groups.includes(group)))
