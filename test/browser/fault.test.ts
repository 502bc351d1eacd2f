/** A fault from report to its end by four people in four windows: each sees what the others do without touching anything. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { openStack, type Stack } from '../support/stack.ts'
import { openWindow, signIn, type Window } from '../support/window.ts'

let stack: Stack
let browser: Browser
const windows: Window[] = []

beforeAll(async () => {
  ;[stack, browser] = await Promise.all([openStack(), launchChromium()])
})
afterAll(async () => {
  await browser?.close()
  await stack?.close()
})

async function window(login: string, options: Parameters<typeof openWindow>[2] = {}): Promise<Page> {
  const opened = await openWindow(browser, stack.url, options)
  opened.context.setDefaultTimeout(30_000)
  windows.push(opened)
  return signIn(opened, login)
}

/** The card of what is to be done now. */
const card = (page: Page, title: string) => page.locator('.task-card', { hasText: title })
const command = (page: Page, title: string, name: string) => card(page, title).getByRole('button', { name, exact: true })

/** Opens the form of a command, fills it in and sends it. */
async function give(
  page: Page,
  title: string,
  name: string,
  fill: (dialog: ReturnType<Page['getByRole']>) => Promise<void>,
): Promise<void> {
  await command(page, title, name).click()
  const dialog = page.getByRole('dialog')
  await fill(dialog)
  await dialog.getByRole('button', { name, exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
}

describe('a fault', () => {
  it('goes from report to closed by four people, each seeing the others live', async () => {
    const [monitor, engineer, supervisor, auditor] = await Promise.all([
      window('monitor'),
      window('engineer', { width: 360, height: 740 }),
      window('supervisor', { lang: 'zh', scheme: 'dark' }),
      window('auditor', { lang: 'zh', width: 768 }),
    ])

    // The monitoring centre enters it; the draft outlives a reload.
    await monitor.goto('/orders/new')
    await monitor.getByLabel('What is it about?').fill('P-14')
    await expectAccessible(monitor, 'new order, which process')
    await monitor.keyboard.press('Enter')
    await monitor.getByRole('textbox', { name: 'Customer' }).fill('KA00013')
    await monitor.getByRole('option').first().click()
    await monitor.getByRole('textbox', { name: 'Symptom' }).fill('No light on the port')
    await monitor.getByRole('textbox', { name: 'Reporter', exact: true }).fill('Zhao Min')
    await monitor.reload()
    expect(await monitor.getByRole('textbox', { name: 'Symptom' }).inputValue()).toBe('No light on the port')
    // What is missing is said at its field.
    await monitor.getByRole('button', { name: 'Create the order' }).click()
    await monitor.locator('[aria-invalid=true]').first().waitFor()
    await monitor.getByRole('textbox', { name: 'Circuit or service' }).click()
    await monitor.getByRole('option').nth(1).click()
    const source = monitor.getByLabel(/^Source/).first()
    await source.click()
    await monitor.getByRole('option', { name: 'monitoring' }).click()
    await expectAccessible(monitor, 'new order, its form')
    await monitor.getByRole('button', { name: 'Create the order' }).click()
    await monitor.waitForURL(/\/orders\/o[a-z0-9]+$/)
    const path = new URL(monitor.url()).pathname
    await card(monitor, 'Accept the fault').waitFor()

    // The others look at the same order.
    await Promise.all([supervisor.goto(path), auditor.goto(path)])
    await Promise.all([card(supervisor, '监控中心统一受理').waitFor(), card(auditor, '监控中心统一受理').waitFor()])
    expect(await card(auditor, '监控中心统一受理').getByRole('button', { name: '接单' }).count()).toBe(0)

    // By keyboard: a accepts, e completes.
    await monitor.locator('h1').click()
    await monitor.keyboard.press('a')
    await command(monitor, 'Accept the fault', 'Complete').waitFor()
    await card(supervisor, '处理中').waitFor()
    await monitor.keyboard.press('e')
    const dialog = monitor.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'Accepted' }).check()
    await expectAccessible(monitor, 'the form of a command')
    await monitor.keyboard.press('Enter')
    await card(monitor, 'One-key diagnosis').waitFor()
    await give(monitor, 'One-key diagnosis', 'Complete', async (form) => {
      await form.getByRole('radio', { name: 'Needs dispatch' }).check()
      await form.getByRole('textbox', { name: 'Diagnosis' }).fill('Port is dark')
    })
    await give(monitor, 'Dispatch', 'Complete', async (form) => {
      await form.getByRole('textbox', { name: 'Person' }).fill('Cao Yang')
      await monitor.getByRole('option', { name: /Cao Yang/ }).click()
    })

    // The engineer hears of it in his window and takes it, on a phone.
    await engineer.goto('/notifications')
    await engineer
      .getByRole('link', { name: /waits for you to accept/ })
      .first()
      .waitFor()
    await expectAccessible(engineer, 'notifications')
    await engineer.goto(path)
    await command(engineer, 'Take the ticket', 'Accept').click()
    await card(engineer, 'Repair').waitFor()
    await card(supervisor, '故障处理').getByText('曹阳').waitFor()
    await command(engineer, 'Repair', 'Complete').waitFor()

    // The supervisor wants to know why he may not complete it, and mentions the engineer.
    await supervisor.getByRole('button', { name: '更多' }).click()
    await supervisor.getByRole('menuitem', { name: '其他操作为何不可用？' }).click()
    await supervisor.getByRole('row', { name: /回单.*该任务不属于您/ }).waitFor()
    await expectAccessible(supervisor, 'why not')
    await supervisor.keyboard.press('Escape')
    await supervisor.getByRole('dialog').waitFor({ state: 'hidden' })
    await supervisor.keyboard.press('m')
    await supervisor.getByRole('dialog').getByRole('textbox').pressSequentially('请尽快 @曹阳')
    await supervisor.getByRole('option', { name: /曹阳/ }).click()
    await supervisor.getByRole('dialog').getByRole('button', { name: '备注', exact: true }).click()
    await auditor.getByText('请尽快 @曹阳').waitFor()
    await engineer.getByRole('link', { name: /[1-9]\d* unread/ }).waitFor()

    // The auditor asks why the repair is due when it is.
    await auditor
      .getByRole('button', { name: /为什么到期时间/ })
      .first()
      .click()
    await auditor.getByText('计时明细').first().waitFor()

    await give(engineer, 'Repair', 'Complete', async (form) => {
      await form.getByRole('radio', { name: 'Repaired' }).check()
      await form.getByRole('textbox', { name: 'What was done' }).fill('Port changed')
    })
    await give(engineer, 'Return the receipt', 'Complete', async () => undefined)
    await give(monitor, 'Confirm the recovery', 'Complete', async (form) => {
      await form.getByRole('radio', { name: 'Recovered', exact: true }).check()
      await form.getByRole('textbox', { name: 'Who was asked' }).fill('Zhao Min')
      await form.getByRole('textbox', { name: 'Answer' }).fill('The line works again')
    })
    await command(engineer, 'Upload the fault report', 'Complete').waitFor()
    await give(engineer, 'Upload the fault report', 'Complete', async (form) => {
      await form
        .locator('input[type=file]')
        .setInputFiles({ name: 'report.txt', mimeType: 'text/plain', buffer: Buffer.from('Port 7 changed.\n') })
      await form.getByText('Uploaded: report.txt').waitFor()
      await form.getByRole('textbox', { name: 'Cause' }).fill('Optics worn out')
      await form.getByRole('textbox', { name: 'Solution' }).fill('Changed')
    })
    await give(monitor, 'Archive', 'Complete', async () => undefined)

    await Promise.all([
      monitor.getByText('The order has ended: Closed.').waitFor(),
      engineer.getByText('The order has ended: Closed.').waitFor(),
      supervisor.getByText('工单已结束：已归档。').waitFor(),
      auditor.getByText('工单已结束：已归档。').waitFor(),
    ])
    await monitor.getByRole('link', { name: 'Download report.txt' }).waitFor()
    for (const [page, name] of [
      [monitor, '1440'],
      [engineer, '360'],
      [supervisor, 'dark'],
      [auditor, '768'],
    ] as const)
      await expectAccessible(page, `the order's page, ${name}`)

    await monitor.goto('/orders?status=closed')
    await monitor.getByRole('row').nth(1).waitFor()
    await expectAccessible(monitor, 'orders')
    await monitor.goto('/customers/cu-013')
    await monitor.getByRole('heading', { level: 1 }).waitFor()
    await expectAccessible(monitor, 'a customer')
    // The form that was sent without what it needs was refused, and the browser says so.
    const refused = /status of 422.*\/api\/v1\/orders$/
    expect(windows.flatMap(({ errors }) => errors).filter((error) => !refused.test(error))).toEqual([])
  }, 240_000)
})
