/** Commands to an order. A command that got no answer is sent again with its key, so that it takes effect once. */
import { useMutation } from '@tanstack/react-query'
import i18next from 'i18next'
import { useRef } from 'react'
import { useMe } from '../app/session.ts'
import { newKey, post } from '../http/client.ts'
import { orderQuery, queryClient } from '../http/queries.ts'
import type { Allowed, Command } from '../http/types.ts'
import { ordersChanged } from '../live/follow.ts'
import { giveCommand } from '../offline/outbox.ts'
import { tell } from '../parts/tell.ts'
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
  const me = useMe()
  const last = useRef<{ text: string; key: string }>(undefined)
  return useMutation({
    mutationFn: async ({ order, body, version }: Sent) => {
      const text = JSON.stringify([order, body])
      if (last.current?.text !== text) last.current = { text, key: newKey() }
      const known = queryClient.getQueryData(orderQuery(order).queryKey)
      const about = { staff: me.id, order, what: known?.no ?? known?.title ?? order }
      return giveCommand({ ...about, ...(version !== undefined && etag(version)) }, body as Command, last.current.key)
    },
    onSuccess: async (given, { order }) => {
      last.current = undefined
      if (given === 'queued') return tell(i18next.t('offline:queued'))
      await queryClient.invalidateQueries({ queryKey: ['order', order], exact: true })
      void ordersChanged(order)
    },
    onError: (_, { order }) => void queryClient.invalidateQueries({ queryKey: ['order', order] }),
  })
}

/** What a command would do; nothing changes. */
export const previewOf = (order: string, body: Given): Promise<Preview> => post<Preview>(`/orders/${order}/commands?preview=true`, body)
