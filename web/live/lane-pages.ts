/** A lane of tasks page by page. Of a lane that is long only the rows of the orders that changed are asked for again. */
import { infiniteQueryOptions, type InfiniteData, type QueryClient, type QueryKey } from '@tanstack/react-query'
import { get } from '../http/client.ts'
import type { TaskItem, TaskList } from '../http/types.ts'

export type LaneFilters = Readonly<{ lane: string } & Partial<Record<'process' | 'unit' | 'region' | 'product' | 'step', string>>>

/** `end`: the last row as it came, so that it is known how far the page reaches when that row has gone. */
export type LanePage = TaskList & { end?: TaskItem | undefined }

/** @param size rows of a page; `counts`: the first brings along how much every lane holds */
export const lanePages = (filters: LaneFilters, { size, counts }: { size: number; counts: boolean }) =>
  infiniteQueryOptions({
    queryKey: ['tasks', 'pages', filters],
    initialPageParam: '',
    // Whoever comes back to the window finds it as the server has told meanwhile.
    refetchOnWindowFocus: false,
    queryFn: async ({ pageParam, signal }): Promise<LanePage> => {
      const asked = { ...filters, limit: size, cursor: pageParam || undefined, counts: counts && pageParam === '' }
      const page = await get<TaskList>('/tasks', asked, signal)
      return { ...page, end: page.items.at(-1) }
    },
    getNextPageParam: ({ page }) => page.next ?? undefined,
  })

export const isLane = ([first, second]: QueryKey): boolean => first === 'tasks' && second === 'pages'

/** So many orders are asked for at once, as the API takes them. */
const MOST_ORDERS = 50
const MOST_ROWS = 200

/**
 * Brings the rows of these orders up to date; with `counts` also how much the lanes hold, where that is shown.
 *
 * @returns false where pages are on their way at the same time, which would come back with rows of before: to be done again
 * @throws ApiProblem, Unreachable as any request
 */
export async function freshen(client: QueryClient, key: QueryKey, orders: readonly string[], counts: boolean): Promise<boolean> {
  const query = client.getQueryCache().find<InfiniteData<LanePage>>({ queryKey: key, exact: true })
  const shown = () => (query?.state.fetchStatus === 'idle' ? query.state.data : undefined)
  const before = shown()
  if (!query || !before) return false
  const filters = key[2] as LaneFilters
  const counted = counts && before.pages[0]?.counts != null
  if (orders.length === 0 && !counted) return true
  const parts: TaskList[] = []
  for (let from = 0; from < orders.length; from += MOST_ORDERS) {
    const order = orders.slice(from, from + MOST_ORDERS).join(',')
    parts.push(await get<TaskList>('/tasks', { ...filters, order, limit: MOST_ROWS, counts: counted && from === 0 }))
  }
  if (orders.length === 0) parts.push(await get<TaskList>('/tasks', { ...filters, limit: 1, counts: true }))
  const now = shown()
  if (!now) return false
  const rows = orders.length > 0 ? parts.flatMap(({ items }) => items) : []
  const names = Object.assign({}, ...parts.map((part) => part.names)) as TaskList['names']
  const pages = withRows(now.pages, new Set(orders), rows)
  const [first, ...rest] = pages
  const total = parts[0]?.counts ?? first!.counts
  client.setQueryData(key, { ...now, pages: [{ ...first!, counts: total, names: { ...first!.names, ...names } }, ...rest] })
  return true
}

/** The pages with these rows instead of all that they had of these orders. What lies beyond what is loaded comes with its page. */
export function withRows(pages: readonly LanePage[], orders: ReadonlySet<string>, rows: readonly TaskItem[]): LanePage[] {
  const fresh = pages.map((page) =>
    page.items.some(({ order }) => orders.has(order)) ? page.items.filter(({ order }) => !orders.has(order)) : page.items,
  )
  const touched = new Set<number>()
  for (const row of rows) {
    const at = pages.findIndex(({ end, page }) => page.next === null || (end !== undefined && inTurn(row, end) <= 0))
    if (at < 0) continue
    fresh[at] = [...fresh[at]!, row]
    touched.add(at)
  }
  return pages.map((page, i) => {
    const items = touched.has(i) ? fresh[i]!.toSorted(inTurn) : fresh[i]!
    return items === page.items ? page : { ...page, items }
  })
}

/** As the API sorts a lane: by due instant, what has none last. */
function inTurn(a: TaskItem, b: TaskItem): number {
  if (a.dueAt !== b.dueAt) return a.dueAt === null ? 1 : b.dueAt === null ? -1 : a.dueAt < b.dueAt ? -1 : 1
  const [one, other] = [a, b].map(({ order, task, party }) => `${order} ${task} ${party ?? ''}`)
  return one! < other! ? -1 : one! > other! ? 1 : 0
}
