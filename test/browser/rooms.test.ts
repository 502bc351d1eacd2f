/** Supervisor, auditor, administrator and customer in a browser; and every page under axe, in both languages, schemes and three widths. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { complaintSpec } from '../../domain/processes/complaint.ts'
import { expectAccessible } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { example } from '../support/simulator.ts'
import { openStack, type Stack, worldOf } from '../support/stack.ts'
import { openWindow, signIn } from '../support/window.ts'
import { doStep } from '../support/world.ts'

let stack: Stack
let world: ReturnType<typeof worldOf>
let browser: Browser
let fault: string
let complaint: string

const idOf = async (login: string): Promise<string> =>
  (await world.db.pool.query('SELECT id FROM staff WHERE login = $1', [login])).rows[0].id as string

beforeAll(async () => {
  ;[stack, browser] = await Promise.all([openStack(), launchChromium()])
  world = worldOf(stack)
  const input = { service: 'sv-013-3', symptom: 'No light', reporter: 'Zhao Min', source: 'monitoring' }
  const reported = await world
    .as(await idOf('monitor'))
    .post<{ order: string }>('/orders', { process: 'graded-fault', customerId: 'cu-013', title: 'Line down', input })
  fault = reported.body.order
  const required = Object.fromEntries(Object.entries(complaintSpec.input).filter(([, field]) => 'required' in field && field.required))
  const made = await world.as(await idOf('kac')).post<{ order: string }>('/orders', {
    process: 'complaint',
    customerId: 'cu-013',
    title: 'Slow answers',
    input: example(required, Date.now()),
  })
  complaint = made.body.order
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await world?.end()
  await stack?.close()
})

describe('the rooms', () => {
  it("shows a breach on the supervisor's screen within a second of its instant", async () => {
    const window = await openWindow(browser, stack.url)
    const page = await signIn(window, 'supervisor')
    await page.goto('/supervise')
    const input = { service: 'sv-013-3', symptom: 'No light', reporter: 'Zhao Min', source: 'monitoring' }
    const { body } = await world
      .as(await idOf('monitor'))
      .post<{ order: string }>('/orders', { process: 'graded-fault', customerId: 'cu-013', title: 'About to breach', input })
    const { rows } = await world.db.pool.query('SELECT due_at FROM task WHERE order_id = $1', [body.order])
    const due = (rows[0] as { due_at: Date }).due_at.getTime()
    const row = page.getByRole('row').filter({ hasText: 'About to breach' })
    await row.waitFor({ timeout: 90_000 })
    const seen = Date.now()
    expect(seen).toBeGreaterThanOrEqual(due)
    // A loaded machine is slower than a second; what it takes is measured by the bench.
    expect(seen - due).toBeLessThan(5_000)
    await row.getByRole('button', { name: 'Urge' }).click()
    await page.getByText('Urged').first().waitFor()
    expect(window.errors).toEqual([])
    await window.context.close()
  })

  it('lets an auditor go back in time, compare, and verify', async () => {
    const window = await openWindow(browser, stack.url)
    const page = await signIn(window, 'auditor')
    await page.goto(`/audit/${fault}`)
    const slider = page.getByRole('slider')
    await slider.waitFor()
    await page.getByRole('button', { name: 'First' }).click()
    // Its limits go on firing meanwhile: how many events there are is not for the test to say.
    await page
      .getByText(/Instant: event 1 of/)
      .first()
      .waitFor()
    await page.getByText('No open task').waitFor()
    // Two instants are an address: it can be sent to somebody.
    await page.goto(`/audit/${fault}?seq=2&against=5`)
    await page
      .getByText(/Instant: event 2 of/)
      .first()
      .waitFor()
    await page.getByRole('heading', { name: 'What has changed from event 2 to event 5' }).waitFor()
    // In words: titles, names and times; no name of a field, no id, nothing as it is kept.
    const changes = page.getByRole('region', { name: 'What has changed from event 2 to event 5' })
    await changes
      .getByRole('heading', { name: /^Limit: / })
      .first()
      .waitFor()
    await changes.getByText('new', { exact: true }).first().waitFor()
    await page.getByText('Accept the fault').first().waitFor()
    const shown = await page.locator('main').innerText()
    expect(shown).not.toMatch(
      /\b(tasks|clocks) \/|openedAt|undefined|\[object|[{}]|\bst-\d{3}\b|\bcu-\d{3}\b|\bsv-\d{3}|accept-fault|clock-set/,
    )
    expect(shown).toContain('Demo')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Verify now' }).click()
    await page.getByText('Everything agrees').waitFor({ timeout: 60_000 })
    await expectAccessible(page, 'audit of an order')
    expect(window.errors).toEqual([])
    await window.context.close()
  })

  it('shows an administrator what a change touches before it is saved', async () => {
    const window = await openWindow(browser, stack.url)
    const page = await signIn(window, 'director')
    await page.goto('/admin?kind=limits&process=graded-fault')
    await page
      .getByRole('button', { name: /^Change: .*Repair/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Budget').fill('90m')
    await dialog.getByLabel('Why').fill('The contract says so')
    await dialog.getByRole('button', { name: 'Show what would change' }).click()
    await dialog.locator('[data-preview]').waitFor()
    expect(await dialog.locator('[data-preview]').innerText()).toMatch(/1 hr 30 mins?[\s\S]*open orders are concerned/)
    await expectAccessible(page, 'change of a limit')
    await dialog.getByRole('button', { name: /^Save as version/ }).click()
    await page
      .getByText(/^Version \d+ is written$/)
      .first()
      .waitFor()
    const { rows } = await world.db.pool.query(`SELECT 1 FROM admin_log WHERE action = 'policy-changed'`)
    expect(rows.length).toBeGreaterThan(0)
    expect(window.errors).toEqual([])
    await window.context.close()
  })

  it('asks the customer behind his link, on a phone, and hears him', async () => {
    await doStep(world, complaint, 'receive-complaint', 'received')
    await doStep(world, complaint, 'record-classify', 'classified')
    await doStep(world, complaint, 'self-resolve', 'resolved')
    await doStep(world, complaint, 'reply-customer', 'replied')
    const { body } = await world.as(await idOf('kac')).post<{ token: string }>(`/orders/${complaint}/track-links`, {})
    const window = await openWindow(browser, stack.url, { width: 360, height: 760 })
    const { page } = window
    await page.goto(`/track/${body.token}`)
    await page.getByRole('heading', { name: 'Are you satisfied with how your complaint was handled?' }).waitFor()
    await expectAccessible(page, "the customer's page")
    await page.getByText('Satisfied', { exact: true }).click()
    await page.getByRole('button', { name: 'Send' }).first().click()
    await page.getByText('Thank you').first().waitFor()
    const { rows } = await world.db.pool.query(`SELECT outcome FROM task WHERE order_id = $1 AND step = 'decide-satisfied'`, [complaint])
    expect(rows).toEqual([{ outcome: 'satisfied' }])
    await page.goto(`/track/${'x'.repeat(43)}`)
    await page.getByText('This link does not hold any more').waitFor()
    await window.context.close()
  })
})

const pages: readonly [login: string, paths: readonly string[]][] = [
  ['dispatcher', ['/board?lane=all', '/people', '/orders', '/orders/new', '/notifications', '/work']],
  ['supervisor', ['/supervise', '/supervise?lane=rungs', '/admin', '/admin?tab=schedules', '/admin?tab=calendars&calendar=C', '/health']],
  ['vp', ['/admin?tab=people', '/admin/people/new', '/admin/people/st-004', '/admin?tab=units', '/admin?tab=calendars&year=2028']],
  ['auditor', ['/audit', '/admin?tab=log']],
  [
    'settlement',
    ['/settlement', '/settlement?tab=bills', '/settlement?tab=agents', '/settlement?tab=schemes', '/settlement?tab=schemes&scheme=new'],
  ],
  ['analyst', ['/retention', '/retention?tab=detections', '/retention?tab=cases', '/retention?tab=models']],
]
/** Each page in both languages, schemes and three widths; not each with each, which would show nothing more. */
const looks = {
  en: [
    [1440, 'light'],
    [768, 'dark'],
    [360, 'light'],
  ],
  zh: [
    [1440, 'dark'],
    [768, 'light'],
    [360, 'dark'],
  ],
} as const
const HEIGHT = 900

describe.each(['en', 'zh'] as const)('every page, in %s', (lang) => {
  it.each(pages)(
    'of %s',
    async (login, paths) => {
      const window = await openWindow(browser, stack.url, { lang })
      const page = await signIn(window, login)
      const ofFault = {
        supervisor: [`/orders/${fault}`, '/customers/cu-013'],
        auditor: [`/audit/${fault}?seq=2&against=5`],
      }
      for (const path of [...paths, ...(ofFault[login as keyof typeof ofFault] ?? [])]) {
        await page.goto(path)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
        for (const [width, colorScheme] of looks[lang]) {
          await page.setViewportSize({ width, height: HEIGHT })
          await page.emulateMedia({ colorScheme })
          await page.waitForTimeout(100)
          const what = `${path}, ${lang}, ${colorScheme}, ${width}`
          await expectAccessible(page, what)
          // Nothing sticks out at the side.
          expect([what, await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')]).toEqual([
            what,
            0,
          ])
        }
      }
      expect(window.errors).toEqual([])
      await window.context.close()
    },
    180_000,
  )
})
