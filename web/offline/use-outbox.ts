import { useEffect, useSyncExternalStore } from 'react'
import { useMe } from '../app/session.ts'
import { queryClient } from '../http/queries.ts'
import { useConnection } from '../live/connection.ts'
import { send, subscribe, type Waiting, waiting } from './outbox.ts'

/** Tries again so often while something waits. */
const AGAIN_MS = 15_000

/** What waits or was answered late; sent whenever there is an answer again. */
export function useOutbox(): readonly Waiting[] {
  const me = useMe()
  const all = useSyncExternalStore(subscribe, waiting)
  const connection = useConnection()
  const mine = all.filter(({ staff }) => staff === me.id)
  const some = mine.some(({ state }) => state === 'waiting')
  useEffect(() => {
    const go = () => void send(me.id).then(() => queryClient.invalidateQueries())
    if (connection !== 'lost') go()
    window.addEventListener('online', go)
    const timer = some ? setInterval(go, AGAIN_MS) : undefined
    return () => {
      window.removeEventListener('online', go)
      clearInterval(timer)
    }
  }, [me.id, connection, some])
  return mine
}
