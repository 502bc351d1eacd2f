/** A lane of ten thousand rows in a real browser: loaded to its end, then scrolled through, beside an empty page scrolled the same way. */
import type { ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createPool } from '../../prisma/client.ts'
import { migrate } from '../../prisma/migrate/index.ts'
import { seedDemo } from '../../prisma/seed/index.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { buildConsole } from '../../worker/stack/console.ts'
import { freePort } from '../../worker/stack/ports.ts'
import { ensureDatabase, startPostgres } from '../../worker/stack/postgres.ts'
import { launchChromium } from '../support/chromium.ts'
import { openWindow, signIn } from '../support/window.ts'
import { writeOrders } from './pages-rows.ts'
import { end, program } from './servers.ts'
import { type Spread, spread } from './spread.ts'

interface Frames {
  frames: number
  /** From one frame to the next. */
  time: Spread
  longest: number
  /** Frames of more than 50 ms: what people see as a stutter. */
  long: number
  /** What the page's own thread worked for a frame. */
  work: number
}

export interface ScrollReport {
  rows: number
  /** Until all of them were loaded, page by page. */
  loadedMs: number
  board: Frames
  /** The same scroll over nothing. */
  empty: Frames
}

interface Options {
  rows: number
  note: (line: string) => void
}

/** So many pixels a frame: a wheel that is turned quickly. */
const STEP = 240
const FRAMES = 600
const ROUNDS = 3

export async function measureScroll({ rows, note }: Options): Promise<ScrollReport> {
  note(`console: ${await buildConsole()}`)
  const dir = mkdtempSync(join(tmpdir(), 'paidan-bench-'))
  chmodSync(dir, 0o755)
  const postgres = await startPostgres({ dir: join(dir, 'postgres'), log: () => {} })
  let api: ChildProcess | undefined
  const browser = await launchChromium()
  try {
    const url = postgres.url('scroll')
    await ensureDatabase(url)
    await migrate(url)
    const pool = createPool(url, { max: 6 })
    await seedDemo(pool)
    const me = person('supervisor')
    await writeOrders(pool, { open: rows, me: me.id, unit: me.unit.id })
    await pool.end()
    const port = await freePort()
    // A board asks no engine: there is none.
    const env = { ...process.env, DATABASE_URL: url, TEMPORAL_ADDRESS: '127.0.0.1:1', PORT: String(port), LOG_LEVEL: 'error' }
    api = await program('../../api/main.ts', { ...env, PAIDAN_HOME: join(dir, 'home') })
    const window = await openWindow(browser, `http://127.0.0.1:${port}`)
    const page = await signIn(window, me.login)
    await page.goto('/board?lane=all')
    const loadedMs = await loadAll(page, rows)
    note(`${rows} rows loaded in ${(loadedMs / 1000).toFixed(1)} s`)
    const empty = await window.context.newPage()
    // Served by nobody, so that nothing but the scroll is measured.
    await empty.setContent(`<div role="grid" style="height:700px;overflow:auto"><div style="height:${rows * 44}px"></div></div>`)
    const found = { board: [] as Round[], empty: [] as Round[] }
    for (let round = -1; round < ROUNDS; round++)
      for (const [name, of] of [
        ['board', page],
        ['empty', empty],
      ] as const) {
        await of.bringToFront()
        const one = await scrolled(of)
        // The first round warms up.
        if (round >= 0) found[name].push(one)
      }
    return { rows, loadedMs, board: framesOf(found.board), empty: framesOf(found.empty) }
  } finally {
    await browser.close()
    if (api) await end(api)
    await postgres.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The End key again and again: each time the next page is asked for. */
async function loadAll(page: Page, rows: number): Promise<number> {
  const grid = page.getByRole('grid')
  await grid.getByRole('row').nth(1).focus()
  const began = performance.now()
  for (;;) {
    const before = await grid.getAttribute('aria-rowcount')
    if (Number(before) > rows) return performance.now() - began
    await page.keyboard.press('End')
    while ((await grid.getAttribute('aria-rowcount')) === before) await page.waitForTimeout(5)
  }
}

interface Round {
  times: number[]
  work: number
}

const SCROLL = `new Promise((done) => {
  const grid = document.querySelector('[role=grid]')
  grid.scrollTop = 0
  const times = []
  let last
  const step = (now) => {
    if (last !== undefined) times.push(now - last)
    last = now
    if (times.length >= ${FRAMES}) return done(times)
    grid.scrollTop += ${STEP}
    requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
})`

async function scrolled(page: Page): Promise<Round> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const worked = async () =>
    (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value * 1_000
  const before = await worked()
  const times = await page.evaluate<number[]>(SCROLL)
  const work = (await worked()) - before
  await devtools.detach()
  return { times, work }
}

function framesOf(rounds: readonly Round[]): Frames {
  const times = rounds.flatMap((round) => round.times)
  return {
    frames: times.length,
    time: spread(times),
    longest: Math.max(...times),
    long: times.filter((time) => time > 50).length,
    work: rounds.reduce((sum, { work }) => sum + work, 0) / times.length,
  }
}

export function scrollText({ rows, loadedMs, board, empty }: ScrollReport): string {
  const line = ({ frames, time, longest, long, work }: Frames) =>
    `p50 ${time.p50.toFixed(1)} p95 ${time.p95.toFixed(1)} longest ${longest.toFixed(0)} ms, over 50 ms ${long} of ${frames} frames, work ${work.toFixed(1)} ms a frame`
  return [
    `scroll, ${rows} rows      ${line(board)}`,
    `the same over nothing   ${line(empty)}`,
    `all rows loaded in      ${(loadedMs / 1_000).toFixed(1)} s, page by page`,
  ].join('\n')
}
