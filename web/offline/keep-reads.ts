/** What was read stays on the device, so that an engineer in a cellar still sees his orders. Nothing of another person, nothing for long. */
import { type DehydratedState, dehydrate, hydrate } from '@tanstack/react-query'
import { openDB } from 'idb'
import { queryClient } from '../http/queries.ts'

const STORE = 'reads'
const KEY = 'client'
const DAY_MS = 86_400_000
/** Many answers in a moment are written once. */
const GATHER_MS = 2_000
/** First words of what an engineer needs at the site. */
const kept = new Set(['me', 'tasks', 'order', 'process', 'processes'])

interface Kept {
  at: number
  state: DehydratedState
}

const database = openDB('paidan-reads', 1, { upgrade: (db) => void db.createObjectStore(STORE) })

/** Brings back what was kept, and keeps what comes from now on. */
export async function keepReads(): Promise<void> {
  const db = await database
  const before = (await db.get(STORE, KEY)) as Kept | undefined
  if (before && Date.now() - before.at < DAY_MS) hydrate(queryClient, before.state)
  let timer: ReturnType<typeof setTimeout> | undefined
  queryClient.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || !kept.has(String(query.queryKey[0]))) return
    timer ??= setTimeout(() => {
      timer = undefined
      const state = dehydrate(queryClient, {
        shouldDehydrateQuery: (one) => one.state.status === 'success' && kept.has(String(one.queryKey[0])),
      })
      void db.put(STORE, { at: Date.now(), state } satisfies Kept, KEY)
    }, GATHER_MS)
  })
}

/** Whoever signs out leaves nothing behind. */
export async function forgetReads(): Promise<void> {
  await (await database).delete(STORE, KEY)
}
