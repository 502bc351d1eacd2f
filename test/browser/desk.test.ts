/** A dispatcher with two hundred tasks and a keyboard; an engineer in a cellar. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { openStack, type Stack, worldOf } from '../support/stack.ts'
import { expectAccessible } from '../support/axe.ts'
import { openWindow, signIn } from '../support/window.ts'

let stack: Stack
let world: ReturnType<typeof worldOf>
let browser: Browser

beforeAll(async () => {
  ;[stack, browser] = await Promise.all([openStack(), launchChromium()])
  world = worldOf(stack)
})
afterAll(async () => {
  await browser?.close()
  await world?.end()
  await stack?.close()
})

const idOf = async (login: string): Promise<string> =>
  (await world.db.pool.query('SELECT id FROM staff WHERE login = $1', [login])).rows[0].id as string

async function report(title: string): Promise<string> {
  const monitor = world.as(await idOf('monitor'))
  const input = { service: 'sv-013-3', symptom: 'No light', reporter: 'Zhao Min', source: 'monitoring' }
  const { body } = await monitor.post<{ order: string }>('/orders', { process: 'graded-fault', customerId: 'cu-013', title, input })
  return body.order
}

describe('the desk', () => {
  it('reassigns two hundred at once by keyboard, and says which three were refused and why', async () => {
    const orders: string[] = []
    for (let i = 0; i < 200; i += 20)
      orders.push(...(await Promise.all(Array.from({ length: 20 }, (_, j) => report(`Line ${String(i + j).padStart(3, '0')} is down`)))))
    const monitor = world.as(await idOf('monitor'))
    const window = await openWindow(browser, stack.url)
    const page = await signIn(window, 'monitor')
    await page.goto('/board?lane=all&process=graded-fault')
    const grid = page.getByRole('grid')
    await grid.getByText('Line 000 is down').waitFor()
    await expectAccessible(page, page.url())
    // Down to the last: every page of the lane is loaded.
    await grid.getByRole('row').nth(1).focus()
    for (let i = 0; i < 60 && (await grid.getAttribute('aria-rowcount')) !== '201'; i++) {
      await page.keyboard.press('End')
      await page.waitForTimeout(400)
    }
    expect(await grid.getAttribute('aria-rowcount')).toBe('201')
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('toolbar', { name: '200 selected' }).waitFor()
    await page.keyboard.press('r')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('A person').last().fill('Song Lixin')
    await page.locator('[data-combobox-selected]', { hasText: 'Song Lixin' }).waitFor()
    await page.keyboard.press('Enter')
    await dialog.getByLabel('Reason').fill('Evening shift takes over')
    // Three are done by somebody else before the button is pressed.
    for (const order of orders.slice(0, 3)) {
      const accepted = await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })
      expect(accepted.status).toBe(200)
      const form = { reason: 'Planned work' }
      const done = await monitor.command(order, { type: 'complete', task: 'accept-fault.1', outcome: 'not-a-fault', form })
      expect(done.status).toBe(200)
    }
    await dialog.getByRole('button', { name: 'Reassign (200)' }).press('Enter')
    await dialog.getByText('197 done, 3 refused').waitFor({ timeout: 60_000 })
    expect(await dialog.getByRole('row').count()).toBe(3)
    await expectAccessible(page, page.url())
    await page.keyboard.press('Escape')
    const { rows } = await world.db.pool.query(
      `SELECT count(*)::int AS n FROM order_event WHERE type = 'reassigned' OR (data->>'reason') = 'Evening shift takes over'`,
    )
    expect((rows[0] as { n: number }).n).toBeGreaterThanOrEqual(197)
    expect(window.errors).toEqual([])
    await window.context.close()
  }, 240_000)

  it('lets an engineer complete without a connection, and tells him later what was refused', async () => {
    const manager = await idOf('monitor')
    const first = await report('Cellar one')
    const second = await report('Cellar two')
    for (const order of [first, second]) await world.as(manager).command(order, { type: 'accept', task: 'accept-fault.1' })
    const window = await openWindow(browser, stack.url, { width: 360, height: 760 })
    const page = await signIn(window, 'monitor')
    await page.goto('/work')
    await page.getByText('Cellar one').waitFor()
    while (!(await page.evaluate('navigator.serviceWorker.controller !== null'))) await page.waitForTimeout(200)
    await expectAccessible(page, page.url())
    for (const title of ['Cellar one', 'Cellar two']) {
      // Read once while there is a connection.
      await page.getByRole('listitem').filter({ hasText: title }).getByRole('link').click()
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.goBack()
    }
    await page.waitForTimeout(3_000)
    await window.context.setOffline(true)
    await page.reload()
    for (const title of ['Cellar one', 'Cellar two']) {
      await page.getByRole('listitem').filter({ hasText: title }).getByRole('link').click()
      await page
        .getByRole('button', { name: /Complete/ })
        .first()
        .click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Accepted').check()
      await dialog.getByRole('button', { name: /Complete/ }).click()
      await page.getByText('kept on this device').waitFor({ timeout: 30_000 })
      await page.goto('/work')
    }
    await page.locator('[data-outbox=waiting]').nth(1).waitFor()
    expect(await page.locator('[data-outbox=waiting]').count()).toBe(2)
    await expectAccessible(page, page.url())
    // Meanwhile the second is withdrawn by the desk.
    const withdrawn = await world.as(await idOf('supervisor')).command(second, { type: 'withdraw', reason: 'Reported by mistake' })
    expect(withdrawn.status).toBe(200)
    await window.context.setOffline(false)
    await page.locator('[data-outbox=done]').waitFor({ timeout: 40_000 })
    await page.locator('[data-outbox=refused]').waitFor()
    const { rows } = await world.db.pool.query(`SELECT step FROM task WHERE order_id = $1 AND closed_at IS NULL`, [first])
    expect(rows).toEqual([{ step: 'diagnose' }])
    await window.context.close()
  }, 240_000)
})
