/** Board and audit pages with a thousand, a hundred thousand and a million open orders, each beside the same SQL written by hand. */
import type { ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { createPool } from '../../prisma/client.ts'
import { migrate } from '../../prisma/migrate/index.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { seedDemo } from '../../prisma/seed/index.ts'
import { freePort } from '../../worker/stack/ports.ts'
import { ensureDatabase, startPostgres } from '../../worker/stack/postgres.ts'
import { Desk } from './desk.ts'
import { LONG_HISTORIES, writeOrders } from './pages-rows.ts'
import { type Page, pages } from './pages-list.ts'
import { end, program } from './servers.ts'
import { type Spread, spread } from './spread.ts'

export interface PageReport {
  page: string
  /** By number of open orders. */
  sizes: { open: number; http: Spread; sql: Spread /** p50 of the page over p50 of the SQL. */; ratio: number }[]
  /** p50 and p95 at the largest size over those at the smallest. */
  growth: { p50: number; p95: number }
}

interface Options {
  sizes: readonly number[]
  rounds: number
  /** Folder in which the databases stay for the next run; they take long to write. */
  data?: string | undefined
  note: (line: string) => void
}

interface Site {
  open: number
  pool: pg.Pool
  api: string
  desk: Desk
  child: ChildProcess
}

/** All sizes lie side by side and are asked in turn, so that they meet the same neighbours. */
export async function measurePages({ sizes, rounds, data, note }: Options): Promise<PageReport[]> {
  const dir = data ?? mkdtempSync(join(tmpdir(), 'paidan-bench-'))
  mkdirSync(dir, { recursive: true })
  chmodSync(dir, 0o755)
  const settings = { max_wal_size: '8GB', shared_buffers: '1GB' }
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), log: () => {}, settings })
  const sites: Site[] = []
  try {
    for (const open of sizes) {
      const began = performance.now()
      const url = postgres.url(`pages_${open}`)
      await ensureDatabase(url)
      await migrate(url)
      const pool = createPool(url, { max: 6 })
      await seedDemo(pool)
      const me = person('supervisor')
      if (!(await written(pool))) {
        await writeOrders(pool, { open, me: me.id, unit: me.unit.id })
        await pool.query('CREATE TABLE pages_written ()')
      }
      const port = await freePort()
      // Pages never ask the engine: there is none.
      const env = {
        ...process.env,
        DATABASE_URL: url,
        TEMPORAL_ADDRESS: '127.0.0.1:1',
        PORT: String(port),
        LOG_LEVEL: 'error',
        PAIDAN_HOME: join(dir, `home-${open}`),
      }
      const child = await program('../../api/main.ts', env)
      const api = `http://127.0.0.1:${port}/api/v1`
      const desk = new Desk({ api, pool })
      await desk.open()
      sites.push({ open, pool, api, desk, child })
      note(`${open} open orders written in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    }
    return await measureAll(sites, rounds, note)
  } finally {
    await Promise.all(sites.map(({ child }) => end(child)))
    for (const { pool } of sites) await pool.end()
    await postgres.stop()
    if (!data) rmSync(dir, { recursive: true, force: true })
  }
}

async function measureAll(sites: readonly Site[], rounds: number, note: (line: string) => void): Promise<PageReport[]> {
  const reports: PageReport[] = []
  for (const page of pages) {
    const times = sites.map(() => ({ http: [] as number[], sql: [] as number[] }))
    const paths = await Promise.all(sites.map((site) => pathOf(site, page)))
    for (let round = -5; round < rounds; round++)
      for (const [i, site] of sites.entries()) {
        const path = paths[i]!.replace('{order}', orderOf(round))
        const http = await timed(() => read(site, page.by, path))
        const sql = await timed(() => site.pool.query(page.sql, page.values?.(orderOf(round))))
        // The first rounds warm up.
        if (round >= 0) {
          times[i]!.http.push(http)
          times[i]!.sql.push(sql)
        }
      }
    const found = sites.map(({ open }, i) => {
      const [http, sql] = [spread(times[i]!.http), spread(times[i]!.sql)]
      return { open, http, sql, ratio: http.p50 / sql.p50 }
    })
    const [first, last] = [found[0]!, found.at(-1)!]
    const report = { page: page.name, sizes: found, growth: { p50: last.http.p50 / first.http.p50, p95: last.http.p95 / first.http.p95 } }
    note(lineOf(report))
    reports.push(report)
  }
  return reports
}

const orderOf = (round: number): string => `page-${String(1 + ((round + LONG_HISTORIES) % LONG_HISTORIES)).padStart(8, '0')}`

const written = async (pool: pg.Pool): Promise<boolean> =>
  (await pool.query<{ there: boolean }>(`SELECT to_regclass('pages_written') IS NOT NULL AS there`)).rows[0]!.there

/** Where the page is a later one, its cursor is that of the first. */
async function pathOf(site: Site, { by, path, second }: Page): Promise<string> {
  if (!second) return path
  const { page } = (await read(site, by, path)) as { page: { next: string } }
  return `${path}&cursor=${page.next}`
}

async function read({ api, desk }: Site, by: string, path: string): Promise<{ items?: unknown[] }> {
  const response = await fetch(`${api}${path}`, { headers: desk.identity(by) })
  const body = (await response.json()) as { items?: unknown[] }
  if (!response.ok) throw new Error(`${response.status} ${path}: ${JSON.stringify(body)}`)
  if (body.items?.length === 0) throw new Error(`${path} is empty: there is nothing to compare`)
  return body
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const lineOf = ({ page, sizes, growth }: PageReport): string =>
  `${page.padEnd(34)} ${sizes.map(({ open, http, sql, ratio }) => `${open}: p50 ${http.p50.toFixed(1)} p95 ${http.p95.toFixed(1)} ms, SQL ${sql.p50.toFixed(1)}, ratio ${ratio.toFixed(1)}`).join('   ')}   growth p50 ${growth.p50.toFixed(2)} p95 ${growth.p95.toFixed(2)} (budget 1.50)`

export const pagesText = (reports: readonly PageReport[]): string => reports.map(lineOf).join('\n')
