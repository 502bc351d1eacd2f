import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { COUNTS_MS, Follower, GATHER_MS } from '../../web/live/follower.ts'
import { lanePages, type LanePage } from '../../web/live/lane-pages.ts'

const SIZE = 100
const PAGES = 10
/** A lane is longer than what is loaded of it. */
const ROWS = SIZE * (PAGES + 2)

interface Row {
  order: string
  task: string
  party: null
  dueAt: string | null
  status: string
}

const due = (n: number): string => new Date(Date.UTC(2026, 0, 5) + n * 60_000).toISOString()
const row = (n: number): Row => ({
  order: `o${String(n).padStart(5, '0')}`,
  task: 'repair.1',
  party: null,
  dueAt: due(n * 10),
  status: 'offered',
})

/** The API with one lane, as far as a board asks it. */
class Lane {
  rows = Array.from({ length: ROWS }, (_, n) => row(n))
  asked: URLSearchParams[] = []
  /** Answers wait for it. */
  gate: Promise<void> = Promise.resolve()

  readonly fetch = async (address: string): Promise<Response> => {
    const query = new URL(address, 'http://desk').searchParams
    this.asked.push(query)
    const [orders, limit] = [query.get('order')?.split(','), Number(query.get('limit'))]
    const rows = this.rows
      .filter(({ order, dueAt }) => (!orders || orders.includes(order)) && (dueAt ?? '~') > (query.get('cursor') ?? ''))
      .sort((a, b) => ((a.dueAt ?? '~') < (b.dueAt ?? '~') ? -1 : 1))
    const items = rows.slice(0, limit)
    const next = rows.length > limit ? items.at(-1)!.dueAt : null
    const counts = query.get('counts') === 'true' ? { offered: Math.min(200, this.rows.length), all: this.rows.length } : null
    const body = JSON.stringify({ items, counts, names: orders ? { [orders[0]!]: { en: 'seen', zh: 'seen' } } : {}, page: { next } })
    await this.gate
    return new Response(body, { status: 200 })
  }
}

let lane: Lane
let client: QueryClient
let follower: Follower
let board: InfiniteQueryObserver<LanePage>
let leave: () => void
const query = lanePages({ lane: 'offered' }, { size: SIZE, counts: true })

const tell = (order: string) => follower.hear({ type: 'order', data: { id: order, version: 2 } })
const data = () => client.getQueryData(query.queryKey)!
const shown = () => data().pages.flatMap(({ items }) => items) as unknown as Row[]

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 5) })
  lane = new Lane()
  vi.stubGlobal('fetch', lane.fetch)
  client = new QueryClient({ defaultOptions: { queries: { staleTime: 15_000, retry: false, networkMode: 'always' } } })
  follower = new Follower(client)
  board = new InfiniteQueryObserver(client, query as never)
  leave = board.subscribe(() => undefined)
  await vi.advanceTimersByTimeAsync(1)
  for (let page = 1; page < PAGES; page++) await board.fetchNextPage()
  expect(shown()).toHaveLength(SIZE * PAGES)
  lane.asked = []
})
afterEach(() => {
  leave()
  follower.stop()
  client.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a long lane that is watched', () => {
  it('with ten pages and twenty changes in two seconds makes no more than eight requests, and shows all of them', async () => {
    for (let n = 0; n < 20; n++) {
      const changed = lane.rows.find(({ order }) => order === row(n * 47).order)!
      changed.status = 'accepted'
      tell(changed.order)
      await vi.advanceTimersByTimeAsync(100)
    }
    await vi.advanceTimersByTimeAsync(10_000)
    expect(lane.asked.length).toBeLessThanOrEqual(8)
    expect(shown()).toEqual(lane.rows.slice(0, SIZE * PAGES))
    expect(shown().filter(({ status }) => status === 'accepted')).toHaveLength(20)
  })

  it('asks once for a burst, and never for a whole page of others', async () => {
    for (let n = 0; n < 20; n++) tell(row(n).order)
    await vi.advanceTimersByTimeAsync(GATHER_MS + 10)
    expect(lane.asked.map((one) => one.get('order')?.split(',').length)).toEqual([20])
    expect(data().pages[0]!.names).toEqual({ [row(0).order]: { en: 'seen', zh: 'seen' } })
  })

  it('puts a row where it belongs now, takes one out that has left, and leaves to later pages what is theirs', async () => {
    const [moved, gone, late] = [row(3), row(4), row(5)]
    lane.rows = lane.rows.filter(({ order }) => order !== gone.order)
    lane.rows.find(({ order }) => order === moved.order)!.dueAt = due(4_321)
    lane.rows.find(({ order }) => order === late.order)!.dueAt = due(ROWS * 10 + 5)
    const made = { ...row(99_999), dueAt: due(77) }
    lane.rows.push(made)
    for (const one of [moved, gone, late, made]) tell(one.order)
    await vi.advanceTimersByTimeAsync(1_000)
    const orders = shown().map(({ order }) => order)
    expect(orders.indexOf(made.order)).toBe(orders.indexOf(row(7).order) + 1)
    expect(orders.indexOf(moved.order)).toBe(orders.indexOf(row(432).order) + 1)
    expect([orders.includes(gone.order), orders.includes(late.order), new Set(orders).size]).toEqual([false, false, orders.length])
    while (board.getCurrentResult().hasNextPage) await board.fetchNextPage()
    const all = [...lane.rows].sort((a, b) => (a.dueAt! < b.dueAt! ? -1 : 1)).map(({ order }) => order)
    expect(shown().map(({ order }) => order)).toEqual(all)
  })

  it('keeps room for a row at the end of a page whose last row has left', async () => {
    const last = row(SIZE * PAGES - 1)
    lane.rows = lane.rows.filter(({ order }) => order !== last.order)
    tell(last.order)
    await vi.advanceTimersByTimeAsync(1_000)
    const made = { ...row(99_999), dueAt: due((SIZE * PAGES - 1) * 10 - 1) }
    lane.rows.push(made)
    tell(made.order)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(shown().at(-1)!.order).toBe(made.order)
  })

  it('loses no change that comes while a page is on its way', async () => {
    let open = () => {}
    lane.gate = new Promise((resolve) => (open = resolve))
    const page = board.fetchNextPage()
    lane.rows[0]!.status = 'accepted'
    tell(lane.rows[0]!.order)
    await vi.advanceTimersByTimeAsync(1_000)
    open()
    await page
    expect(shown()[0]!.status).toBe('offered')
    await vi.advanceTimersByTimeAsync(1_000)
    expect([shown().length, shown()[0]!.status]).toEqual([SIZE * (PAGES + 1), 'accepted'])
  })

  it('counts at most once in a while, and shows the last number in the end', async () => {
    for (let n = 0; n < 60; n++) {
      lane.rows.pop()
      tell(row(n).order)
      await vi.advanceTimersByTimeAsync(100)
    }
    await vi.advanceTimersByTimeAsync(COUNTS_MS * 2)
    const counted = lane.asked.filter((one) => one.get('counts') === 'true')
    expect(counted.length).toBeLessThanOrEqual(6_000 / COUNTS_MS + 2)
    expect(data().pages[0]!.counts!.all).toBe(ROWS - 60)
  })

  it('shows at once what the reader has done himself', async () => {
    lane.rows[7]!.status = 'accepted'
    await follower.changed(lane.rows[7]!.order)
    expect([lane.asked.length, shown()[7]!.status]).toEqual([1, 'accepted'])
  })

  it('asks nothing for a lane that nobody looks at, until somebody does', async () => {
    leave()
    lane.rows[0]!.status = 'accepted'
    tell(lane.rows[0]!.order)
    await vi.advanceTimersByTimeAsync(5_000)
    expect([lane.asked.length, client.getQueryState(query.queryKey)!.isInvalidated]).toEqual([0, true])
  })
})
