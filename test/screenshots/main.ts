/** `npm run screenshots`: the pictures of the README and the docs, taken of a real stack with people at work. */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from '../support/chromium.ts'
import { openStack, worldOf } from '../support/stack.ts'
import { openWindow, signIn } from '../support/window.ts'

interface Shot {
  file: string
  login: string
  /** `{order}`: an order that has come some way. */
  path: string
  lang?: 'zh' | 'en'
  scheme?: 'light' | 'dark'
  width?: number
}

const shots: readonly Shot[] = [
  { file: 'board', login: 'dispatcher', path: '/board?lane=all' },
  { file: 'board-zh', login: 'dispatcher', path: '/board?lane=all', lang: 'zh' },
  { file: 'order', login: 'director', path: '/orders/{order}' },
  { file: 'work-phone', login: 'kac', path: '/work', width: 360, lang: 'zh' },
  { file: 'supervise', login: 'supervisor', path: '/supervise' },
]

const folder = join('docs', 'pictures')
const WORK_MINUTES = '1'
const SETTLED_MS = 1_500

async function simulate(url: string): Promise<void> {
  const args = ['--import', 'tsx', 'cli/simulate/main.ts', '--people', '20', '--minutes', WORK_MINUTES, '--url', url]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  await new Promise((resolve) => child.once('exit', resolve))
}

/** Faults that nobody takes: their limits are half a minute, so that what comes last shows something late. */
async function leaveSome(world: ReturnType<typeof worldOf>): Promise<void> {
  const { rows } = await world.db.pool.query(`SELECT id FROM staff WHERE login = 'monitor'`)
  const monitor = world.as((rows[0] as { id: string }).id)
  for (const title of ['No light on the port', 'Packets are lost', 'Line is slow since noon', 'Router does not answer']) {
    const input = { service: 'sv-013-3', symptom: title, reporter: 'Zhao Min', source: 'monitoring' }
    await monitor.post('/orders', { process: 'graded-fault', customerId: 'cu-013', title, input })
  }
}

/** Until they are late; a picture without them is still one. */
async function late(world: ReturnType<typeof worldOf>): Promise<void> {
  for (let i = 0; i < 90; i++) {
    const { rows } = await world.db.pool.query(`SELECT count(*)::int AS n FROM rung WHERE pct >= 100 AND settled_at IS NULL`)
    if ((rows[0] as { n: number }).n >= 4) return
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

mkdirSync(folder, { recursive: true })
const [stack, browser] = await Promise.all([openStack(), launchChromium()])
const world = worldOf(stack)
try {
  await simulate(stack.url)
  await leaveSome(world)
  const { rows } = await world.db.pool.query(
    `SELECT id FROM orders WHERE process = 'order-fulfilment' AND status = 'open' ORDER BY seq DESC LIMIT 1`,
  )
  const order = (rows[0] as { id: string } | undefined)?.id ?? ''
  for (const { file, login, path, lang = 'en', scheme = 'light', width = 1440 } of shots) {
    if (path === '/supervise') await late(world)
    const window = await openWindow(browser, stack.url, { lang, scheme, width, height: width < 600 ? 760 : 900 })
    const page = await signIn(window, login)
    await page.goto(path.replace('{order}', order))
    await page.waitForTimeout(SETTLED_MS)
    await page.screenshot({ path: join(folder, `${file}.png`) })
    console.log(`${file}.png ${window.errors.join('; ')}`)
    await window.context.close()
  }
} finally {
  await browser.close()
  await world.end()
  await stack.close()
}
