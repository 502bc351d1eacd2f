import { queryOptions } from '@tanstack/react-query'
import { get } from '../../http/client.ts'
import type { UnitList } from '../../http/types.ts'

export type Unit = UnitList['items'][number]

const PAGE = 200

/** All that are in sight: a tree wants every branch. */
export const allUnitsQuery = queryOptions({
  queryKey: ['units', 'all'],
  queryFn: async ({ signal }) => {
    const items: Unit[] = []
    let names: UnitList['names'] = {}
    for (let cursor: string | undefined; ; ) {
      const answer = await get<UnitList>('/units', { limit: PAGE, cursor }, signal)
      items.push(...answer.items)
      names = { ...names, ...answer.names }
      if (!answer.page.next) return { items, names }
      cursor = answer.page.next
    }
  },
})
