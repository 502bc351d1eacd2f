/** What the server tells makes what is on the screen new. */
import { useEffect } from 'react'
import { queryClient } from '../http/queries.ts'
import { setConnection } from './connection.ts'
import { Follower } from './follower.ts'
import { listen } from './stream.ts'

const follower = new Follower(queryClient)

export function useFollow(): void {
  useEffect(() => {
    const stop = listen((told) => follower.hear(told), setConnection)
    return () => {
      stop()
      follower.stop()
    }
  }, [])
}

/** What shows these orders is read anew: the reader has given them a command. */
export const ordersChanged = (...orders: readonly string[]): Promise<void> => follower.changed(...orders)
