/** An engineer on the road asks for more time; his supervisor answers in another window, once yes and once no. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { expectFocus, tabTo } from '../support/keyboard.ts'
import { openStack, type Stack, worldOf } from '../support/stack.ts'
import { openWindow, signIn, type Window } from '../support/window.ts'

let stack: Stack
let world: ReturnType<typeof worldOf>
let browser: Browser
const windows: Window[] = []

beforeAll(async () => {
  ;[stack, browser] = await Promise.all([openStack(), launchChromium()])
  world = worldOf(stack)
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await world?.end()
  await stack?.close()
})

async function window(login: string, options: Parameters<typeof openWindow>[2] = {}): Promise<Page> {
  const opened = await openWindow(browser, stack.url, options)
  opened.context.setDefaultTimeout(30_000)
  windows.push(opened)
  return signIn(opened, login)
}

/** A fault that the engineer repairs. */
async function repairing(): Promise<string> {
  const { rows } = await world.db.pool.query(`SELECT login, id, unit_id FROM staff WHERE login IN ('monitor', 'engineer')`)
  const of = (login: string) => rows.find((row) => row.login === login) as { id: string; unit_id: string }
  const [monitor, engineer] = [world.as(of('monitor').id), world.as(of('engineer').id)]
  const input = { service: 'sv-013-3', symptom: 'No light', reporter: 'Zhao Min', source: 'monitoring' }
  const { body } = await monitor.post<{ order: string }>('/orders', {
    process: 'graded-fault',
    customerId: 'cu-013',
    title: 'Cable cut by a digger',
    input,
  })
  const form = { unit: of('engineer').unit_id, person: of('engineer').id }
  for (const command of [
    { type: 'accept', task: 'accept-fault.1' },
    { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' },
    { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: 'The cable is cut' } },
    { type: 'complete', task: 'dispatch-fault.1', outcome: 'dispatched', form },
  ] as const)
    expect((await monitor.command(body.order, command)).status).toBe(200)
  expect((await engineer.command(body.order, { type: 'accept', task: 'take-ticket.1' })).status).toBe(200)
  return body.order
}

const dueOf = async (order: string): Promise<number> => (await world.state(order)).clocks.repair!.due

describe('more time', () => {
  it('is asked for on a phone and given in another window; by keys asked for once more, and refused with a reason', async () => {
    const order = await repairing()
    const before = await dueOf(order)
    const [phone, supervisor] = await Promise.all([window('engineer', { width: 360, height: 740 }), window('supervisor', { lang: 'zh' })])
    await supervisor.goto('/supervise?lane=approvals')
    await supervisor.getByText('没有待您批示的事项').waitFor()

    await phone.goto(`/orders/${order}`)
    const repair = phone.locator('.task-card', { hasText: 'Repair' })
    await repair.getByRole('button', { name: 'Ask for more time', exact: true }).click()
    const dialog = phone.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Which limit' }).click()
    await phone.getByRole('option', { name: 'Repair limit' }).click()
    await dialog.getByRole('textbox', { name: 'By how many working hours' }).fill('2')
    await expectAccessible(phone, 'the form that asks for more time, 360')
    expect(await phone.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('The splice van is in Suzhou')
    await dialog.getByRole('button', { name: 'Ask for more time', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await repair.getByText(/asks for 2 hrs? more \(Repair limit\): The splice van is in Suzhou/).waitFor()
    expect(await repair.getByRole('button', { name: 'Ask for more time', exact: true }).count()).toBe(0)
    await expectAccessible(phone, 'the page of an order that asks for more time, 360')
    expect(await phone.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    expect(await dueOf(order)).toBe(before)

    // It comes to the supervisor without his doing anything.
    const row = supervisor.locator('[data-attention]', { hasText: 'Cable cut by a digger' })
    await row.getByText(/申请延长 2 ?小时.*故障修复时限.*The splice van is in Suzhou/).waitFor()
    await expectAccessible(supervisor, 'the lane of approvals with a request for more time')
    await row.getByRole('button', { name: '批准', exact: true }).click()
    await row.waitFor({ state: 'hidden' })
    await supervisor.getByText('已批准延期').first().waitFor()

    // The engineer sees it, is told of it, and reads it in the history.
    await repair.getByText(/asks for 2/).waitFor({ state: 'hidden' })
    expect(await dueOf(order)).toBe(before + 2 * 3_600_000)
    await phone.getByText(/asked for 2 .* more on Repair limit/).waitFor()
    await phone.getByText(/gave the time that was asked for: Repair limit/).waitFor()
    await phone.goto('/notifications')
    await phone.getByText('You got more time').waitFor()

    // At a desk without a mouse, on either side.
    const desk = await window('engineer')
    await desk.goto(`/orders/${order}`)
    await desk.locator('.task-card', { hasText: 'Repair' }).waitFor()
    await desk.keyboard.press('l')
    await desk.getByRole('dialog').waitFor()
    await tabTo(desk, /^By how many working hours/)
    await desk.keyboard.type('10')
    await tabTo(desk, /^Reason/)
    await desk.keyboard.type('It rains')
    await tabTo(desk, /^Ask for more time/)
    await desk.keyboard.press('Enter')
    await desk.getByRole('dialog').waitFor({ state: 'hidden' })
    await expectFocus(desk, 'after more time was asked for')
    await row.getByText(/It rains/).waitFor()
    await supervisor.keyboard.press('n')
    await supervisor.getByRole('dialog', { name: '不批准延期' }).waitFor()
    await expectFocus(supervisor, 'why not', /^原因/)
    await supervisor.keyboard.type('明早天晴')
    await tabTo(supervisor, '不批准')
    await supervisor.keyboard.press('Enter')
    await supervisor.getByText('没有待您批示的事项').waitFor()
    await desk.getByText(/gave no more time on/).waitFor()
    await desk.getByText('明早天晴').waitFor()
    expect(windows.flatMap(({ errors }) => errors)).toEqual([])
  }, 240_000)
})
