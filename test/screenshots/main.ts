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

mkdirSync(folder, { recursive: true })
const [stack, browser] = await Promise.all([openStack(), launchChromium()])
const world = worldOf(stack)
try {
  await simulate(stack.url)
  const { rows } = await world.db.pool.query(
    `SELECT id FROM orders WHERE process = 'order-fulfilment' AND status = 'open' ORDER BY seq DESC LIMIT 1`,
  )
  const order = (rows[0] as { id: string } | undefined)?.id ?? ''
  for (const { file, login, path, lang = 'en', scheme = 'light', width = 1440 } of shots) {
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
