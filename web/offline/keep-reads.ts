/** What was read stays on the device, so that an engineer in a cellar still sees his orders. Nothing of another person, nothing for long. */
import type { PersistedClient, Persister } from '@tanstack/react-query-persist-client'
import { persistQueryClient } from '@tanstack/react-query-persist-client'
import { openDB } from 'idb'
import { queryClient } from '../http/queries.ts'

const STORE = 'reads'
const DAY_MS = 86_400_000
/** First words of what an engineer needs at the site. */
const kept = new Set(['me', 'tasks', 'order', 'process', 'processes'])

const database = openDB('paidan-reads', 1, { upgrade: (db) => void db.createObjectStore(STORE) })

const persister: Persister = {
  persistClient: async (client) => void (await (await database).put(STORE, client, 'client')),
  restoreClient: async () => (await (await database).get(STORE, 'client')) as PersistedClient | undefined,
  removeClient: async () => (await database).delete(STORE, 'client'),
}

/** Resolves when what was kept is there again. */
export const keepReads = (): Promise<void> =>
  persistQueryClient({
    queryClient,
    persister,
    maxAge: DAY_MS,
    dehydrateOptions: {
      shouldDehydrateQuery: ({ queryKey, state }) => state.status === 'success' && kept.has(String(queryKey[0])),
    },
  })[1]

/** Whoever signs out leaves nothing behind. */
export const forgetReads = (): Promise<void> | void => persister.removeClient()
