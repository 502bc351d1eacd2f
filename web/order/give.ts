/** Commands to an order. A command that got no answer is sent again with its key, so that it takes effect once. */
import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { newKey, post } from '../http/client.ts'
import { queryClient } from '../http/queries.ts'
import type { Allowed, Command } from '../http/types.ts'
import type { Preview } from './queries.ts'

export type CommandType = Allowed['command']

/** As it is sent: instants are texts, what has a default may be left out. */
export type Given = { type: CommandType } & Readonly<Record<string, unknown>>

interface Sent {
  order: string
  body: Given | Command
  /** Version on which it was decided, where another would change the decision. */
  version?: number
}

const etag = (version: number) => ({ headers: { 'if-match': `"${version}"` } })

export function useGive() {
  const last = useRef<{ text: string; key: string }>(undefined)
  return useMutation({
    mutationFn: async ({ order, body, version }: Sent) => {
      const text = JSON.stringify([order, body])
      if (last.current?.text !== text) last.current = { text, key: newKey() }
      return post<{ order: string; seq: number }>(`/orders/${order}/commands`, body, {
        key: last.current.key,
        ...(version !== undefined && etag(version)),
      })
    },
    onSuccess: async (_, { order }) => {
      last.current = undefined
      void queryClient.invalidateQueries({
        predicate: ({ queryKey }) => ['tasks', 'orders', 'breaches', 'board'].includes(String(queryKey[0])),
      })
      await queryClient.invalidateQueries({ queryKey: ['order', order], exact: true })
      void queryClient.invalidateQueries({ queryKey: ['order', order] })
    },
    onError: (_, { order }) => void queryClient.invalidateQueries({ queryKey: ['order', order] }),
  })
}

/** What a command would do; nothing changes. */
export const previewOf = (order: string, body: Given): Promise<Preview> => post<Preview>(`/orders/${order}/commands?preview=true`, body)
