/** What the server tells makes what is on the screen new. Many changes in a moment ask once. */
import { useEffect } from 'react'
import { queryClient } from '../http/queries.ts'
import { setConnection } from './connection.ts'
import { listen, type Told } from './stream.ts'

/** A burst of moves is one refresh. */
const GATHER_MS = 150

/** Reads that any move may change: their first word. */
const lists = ['tasks', 'orders', 'breaches', 'board', 'load', 'reports']

export function useFollow(): void {
  useEffect(() => {
    const orders = new Set<string>()
    let wide = false
    let messages = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const refresh = () => {
      timer = undefined
      for (const id of orders) void queryClient.invalidateQueries({ queryKey: ['order', id] })
      if (orders.size > 0) void queryClient.invalidateQueries({ predicate: ({ queryKey }) => lists.includes(String(queryKey[0])) })
      if (messages) void queryClient.invalidateQueries({ queryKey: ['notifications'] })
      if (wide) void queryClient.invalidateQueries()
      orders.clear()
      wide = messages = false
    }
    const hear = (told: Told) => {
      if (told.type === 'order') orders.add(told.data.id)
      else if (told.type === 'rung') orders.add(told.data.order)
      else if (told.type === 'notification') messages = true
      else wide = true
      timer ??= setTimeout(refresh, GATHER_MS)
    }
    const stop = listen(hear, setConnection)
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [])
}
