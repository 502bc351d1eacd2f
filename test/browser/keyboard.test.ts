/** A dispatcher and a supervisor who have no mouse: their day by keys alone, and at every moment it can be seen where the keyboard is. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { expectFocus, tabTo } from '../support/keyboard.ts'
import { openStack, type Stack, worldOf } from '../support/stack.ts'
import { openWindow, type Window } from '../support/window.ts'

let stack: Stack
let world: ReturnType<typeof worldOf>
let browser: Browser

beforeAll(async () => {
  ;[stack, browser] = await Promise.all([openStack(), launchChromium()])
  world = worldOf(stack)
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await world?.end()
  await stack?.close()
})

const one = async <T>(text: string, values: unknown[]): Promise<T> => (await world.db.pool.query(text, values)).rows[0] as T
const staffOf = async (login: string): Promise<string> => (await one<{ id: string }>('SELECT id FROM staff WHERE login = $1', [login])).id

async function report(title: string): Promise<string> {
  const input = { service: 'sv-013-3', symptom: 'No light', reporter: 'Zhao Min', source: 'monitoring' }
  const monitor = world.as(await staffOf('monitor'))
  const { body } = await monitor.post<{ order: string }>('/orders', { process: 'graded-fault', customerId: 'cu-013', title, input })
  return body.order
}

/** Commands of one person, each of which must take effect. */
async function give(login: string, order: string, ...commands: Parameters<ReturnType<typeof world.as>['command']>[1][]): Promise<void> {
  const person = world.as(await staffOf(login))
  for (const command of commands) expect([command, (await person.command(order, command)).status]).toEqual([command, 200])
}

/** A fault whose repair the engineer asks to suspend. */
async function pauseAsked(title: string): Promise<string> {
  const order = await report(title)
  const { unit_id: unit } = await one<{ unit_id: string }>('SELECT unit_id FROM staff WHERE login = $1', ['engineer'])
  const complete = (task: string, outcome: string, form: Record<string, string> = {}) => ({
    type: 'complete' as const,
    task,
    outcome,
    form,
  })
  await give(
    'monitor',
    order,
    { type: 'accept', task: 'accept-fault.1' },
    complete('accept-fault.1', 'accepted'),
    complete('diagnose.1', 'needs-dispatch', { diagnosis: 'The port is dark' }),
    complete('dispatch-fault.1', 'dispatched', { unit, person: await staffOf('engineer') }),
  )
  await give(
    'engineer',
    order,
    { type: 'accept', task: 'take-ticket.1' },
    { type: 'suspend', task: 'repair-fault.1', reason: `Nobody opens: ${title}`, party: 'customer' },
  )
  return order
}

/** Signs in by keys; the address that was wanted comes after. */
async function enter(login: string, path: RegExp): Promise<Window> {
  const window = await openWindow(browser, stack.url)
  const { page } = window
  await page.goto('/login')
  await expectFocus(page, 'the sign-in page', /^Login$/)
  await page.keyboard.type(login)
  await page.keyboard.press('Tab')
  await page.keyboard.type('demo')
  await page.keyboard.press('Enter')
  await page.waitForURL(path)
  await page.locator('#content h1').waitFor()
  return window
}

/** Waits until no dialog is open. */
const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'hidden' })

/** With j and k to the row of this title, wherever it stands. */
async function rowOf(page: Page, here: string, title: string): Promise<void> {
  const row = page.locator(here)
  const there = async () => (await row.count()) > 0 && (await row.first().innerText()).includes(title)
  for (const key of ['j', 'k'])
    for (let i = 0; i < 60 && !(await there()); i++) {
      await page.keyboard.press(key)
      await page.waitForTimeout(30)
    }
  await row.filter({ hasText: title }).waitFor()
  await expectFocus(page, title)
}
const BOARD_ROW = '[role=row][data-focused]'
const LIST_ROW = '[data-attention]:focus-within'

describe('a dispatcher without a mouse', () => {
  it('creates an order, dispatches another with one key, and urges several', async () => {
    const returned = await report('Came back')
    await give(
      'monitor',
      returned,
      { type: 'accept', task: 'accept-fault.1' },
      { type: 'return', task: 'accept-fault.1', reason: 'Not ours' },
    )
    for (const title of ['To urge one', 'To urge two']) await report(title)
    const window = await enter('dispatcher', /\/board/)
    const { page } = window
    const { keyboard } = page

    // The palette leads to a new order; away from it the keyboard is where it was.
    await keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    await expectFocus(page, 'the palette')
    await keyboard.press('Escape')
    await closed(page)
    await keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    await expectFocus(page, 'the palette')
    await keyboard.type('New order')
    await page.getByRole('dialog').getByText('New order').first().waitFor()
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await page.waitForURL(/\/orders\/new/)
    await closed(page)

    // Which process, which customer, which circuit: typed, and the best answer taken.
    await expectFocus(page, 'the choice of a process', /^What is it about\?$/)
    await keyboard.type('P-14')
    await keyboard.press('Enter')
    await expectFocus(page, 'the form of an order', /^Customer/)
    await keyboard.type('KA00013')
    await page.getByRole('option', { name: /KA00013/ }).waitFor()
    await page.locator('[data-combobox-selected]').waitFor()
    await keyboard.press('Enter')
    await tabTo(page, /^Circuit or service/)
    await page.getByRole('option').first().waitFor()
    await keyboard.press('ArrowDown')
    await page.locator('[data-combobox-selected]').waitFor()
    await keyboard.press('Enter')
    await tabTo(page, /^Symptom/)
    await keyboard.type('No light on the port')
    await tabTo(page, /^Reporter \*|^Reporter$/)
    await keyboard.type('Zhao Min')
    await tabTo(page, /^Source/)
    await keyboard.press('ArrowDown')
    await page.locator('[data-combobox-selected]').waitFor()
    await keyboard.press('Enter')
    await tabTo(page, 'Create the order')
    await keyboard.press('Enter')
    await page.waitForURL(/\/orders\/o[a-z0-9]+$/)
    await page.locator('.task-card').first().waitFor()
    await expectFocus(page, 'the page of the new order')

    // To the board, to the tasks that wait for somebody, to the first of those who could do it.
    await keyboard.press('g')
    await keyboard.press('b')
    await page.waitForURL(/\/board/)
    await keyboard.press('1')
    const row = page.getByRole('row').filter({ hasText: 'Came back' })
    await row.waitFor()
    await rowOf(page, BOARD_ROW, 'Came back')
    await page
      .getByRole('complementary')
      .getByRole('button', { name: /Dispatch/ })
      .first()
      .waitFor()
    await expectFocus(page, 'a row of the board')
    await keyboard.press('f')
    await row.waitFor({ state: 'hidden' })
    const task = await one<{ status: string; person_id: string | null }>('SELECT status, person_id FROM task WHERE order_id = $1', [
      returned,
    ])
    expect([task.status, task.person_id === null]).toEqual(['offered', false])

    // Two at once.
    await keyboard.press('7')
    await page.getByRole('row').filter({ hasText: 'To urge two' }).waitFor()
    for (const title of ['To urge one', 'To urge two']) {
      await rowOf(page, BOARD_ROW, title)
      await keyboard.press('x')
    }
    await page.getByRole('toolbar', { name: '2 selected' }).waitFor()
    await keyboard.press('u')
    await page.getByRole('dialog').waitFor()
    await expectFocus(page, 'the form for many', /^What is said with it$/)
    await keyboard.type('Customer waits')
    await tabTo(page, 'Urge (2)')
    await keyboard.press('Enter')
    await closed(page)
    await expectFocus(page, 'after many were urged', /To urge/)
    const { n } = await one<{ n: number }>(`SELECT count(*)::int AS n FROM order_event WHERE type = 'order-urged'`, [])
    expect(n).toBe(2)
    expect(window.errors).toEqual([])
    await window.context.close()
  }, 240_000)
})

describe('a supervisor without a mouse', () => {
  it('urges, reassigns, extends and takes over what is late, and answers who asks to suspend', async () => {
    const granted = await pauseAsked('Gate is shut')
    const denied = await pauseAsked('Too far away')
    for (const title of ['Late one', 'Late two', 'Late three']) await report(title)
    const window = await enter('supervisor', /\/supervise/)
    const { page } = window
    const { keyboard } = page
    const rows = page.locator('[data-attention]')
    // The limits of the demo are half a minute.
    await rows.filter({ hasText: 'Late three' }).waitFor({ timeout: 120_000 })
    await keyboard.press('j')
    await keyboard.press('k')
    await expectFocus(page, 'the first that is late')
    const first = await rows.first().locator('a').innerText()
    expect(await expectFocus(page, 'the first that is late')).toBe(first)
    await keyboard.press('u')
    await page.getByText('Urged').first().waitFor()

    await rowOf(page, LIST_ROW, 'Late one')
    await keyboard.press('r')
    await page.getByRole('dialog').waitFor()
    await expectFocus(page, 'to whom', /^A person/)
    await keyboard.type('Song Lixin')
    await page.locator('[data-combobox-selected]', { hasText: 'Song Lixin' }).waitFor()
    await keyboard.press('Enter')
    await tabTo(page, /^Reason/)
    await keyboard.type('He is nearer')
    await tabTo(page, 'Reassign (1)')
    await keyboard.press('Enter')
    await closed(page)
    await expectFocus(page, 'after it was reassigned')
    const events = async (type: string) =>
      (await one<{ n: number }>('SELECT count(*)::int AS n FROM order_event WHERE type = $1', [type])).n
    expect(await events('task-reassigned')).toBe(1)

    await rowOf(page, LIST_ROW, 'Late two')
    await keyboard.press('x')
    await page.getByRole('dialog').waitFor()
    await tabTo(page, /^By how many working hours/)
    await keyboard.type('2')
    await tabTo(page, /^Reason/)
    await keyboard.type('The part comes tonight')
    await tabTo(page, /^Extend a limit/)
    await keyboard.press('Enter')
    await closed(page)
    expect(await events('limit-extended')).toBe(1)
    await expectFocus(page, 'after it was extended')

    await rowOf(page, LIST_ROW, 'Late three')
    await keyboard.press('t')
    await page.getByText('It is yours now').first().waitFor()
    await expectFocus(page, 'after it was taken over')

    // What waits for his word.
    await keyboard.press('3')
    await rows.filter({ hasText: 'Gate is shut' }).first().waitFor()
    await rowOf(page, LIST_ROW, 'Gate is shut')
    await keyboard.press('y')
    await rows.filter({ hasText: 'Gate is shut' }).waitFor({ state: 'hidden' })
    await expectFocus(page, 'after it was approved')
    await rowOf(page, LIST_ROW, 'Too far away')
    await keyboard.press('n')
    await page.getByRole('dialog').waitFor()
    await expectFocus(page, 'why not', /^Reason/)
    await keyboard.type('Take the van')
    await tabTo(page, 'Refuse')
    await keyboard.press('Enter')
    await page.getByText('Nothing waits for you').waitFor()
    await closed(page)
    await expectFocus(page, 'when nothing waits any more')
    const outcome = (order: string) =>
      one<{ type: string }>(`SELECT type FROM order_event WHERE order_id = $1 AND type IN ('task-suspended', 'suspend-denied')`, [order])
    expect([(await outcome(granted)).type, (await outcome(denied)).type]).toEqual(['task-suspended', 'suspend-denied'])
    expect(window.errors).toEqual([])
    await window.context.close()
  }, 300_000)
})
