/** Windows of the console, each somebody's, in a real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core'

export interface Window {
  page: Page
  context: BrowserContext
  /** Errors of the console and of scripts so far: a test ends with none. */
  errors: string[]
}

interface Options {
  lang?: 'zh' | 'en'
  scheme?: 'light' | 'dark'
  width?: number
  height?: number
}

/** A window of its own, as a person's browser on his own machine. */
export async function openWindow(browser: Browser, base: string, options: Options = {}): Promise<Window> {
  const { lang = 'en', scheme = 'light', width = 1440, height = 900 } = options
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width, height },
    colorScheme: scheme,
    locale: lang === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
    hasTouch: width < 600,
  })
  context.setDefaultTimeout(15_000)
  // Scripts of the page are texts here: the rest of the product knows no browser's globals.
  await context.addInitScript(
    `localStorage.setItem('paidan.lang', localStorage.getItem('paidan.lang') ?? '${lang}'); localStorage.setItem('paidan.chosen', '1')`,
  )
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return { page, context, errors }
}

/** Signs in, as a person of the demo data unless another password is given. */
export async function signIn(window: Window, login: string, password = 'demo'): Promise<Page> {
  const { page } = window
  await page.goto('/login')
  await page.locator('input[autocomplete=username]').fill(login)
  await page.locator('input[autocomplete=current-password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  return page
}
