/** Whoever looks after people, calendars and campaigns, in a browser; and views that are kept, shared and opened by a colleague. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkAdminLog } from '../../prisma/admin-log.ts'
import { expectAccessible } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { openStack, type Stack, worldOf } from '../support/stack.ts'
import { openWindow, signIn } from '../support/window.ts'

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

const logged = async (action: string, subject?: string): Promise<number> =>
  (await world.db.pool.query('SELECT seq FROM admin_log WHERE action = $1 AND subject = coalesce($2, subject)', [action, subject])).rows
    .length

/** Types into a field that looks things up, and takes the first answer. */
async function pick(page: Page, label: string | RegExp, typed: string, answer: string | RegExp): Promise<void> {
  await page.getByRole('textbox', { name: label }).fill(typed)
  await page.getByRole('option', { name: answer }).first().click()
}

describe.each(['en', 'zh'] as const)('an administrator, in %s', (lang) => {
  const say = (en: string, zh: string) => (lang === 'en' ? en : zh)

  it('takes somebody in with a role in a place, who signs in and sees that place alone', async () => {
    const login = `new.${lang}`
    const window = await openWindow(browser, stack.url, { lang })
    const page = await signIn(window, 'director')
    await page.goto('/admin?tab=people')
    await page.getByRole('link', { name: say('Take somebody in', '新增人员') }).click()
    // What is missing stands at the fields, in the reader's language.
    const text = (name: string) => page.getByRole('textbox', { name, exact: false })
    await text(say('Login', '账号')).fill('director')
    await text(say('Chinese name', '中文姓名')).fill('新来的')
    await text(say('English name', '英文姓名')).fill('New Comer')
    await page.getByRole('button', { name: say('Take in', '新增'), exact: true }).click()
    await page.getByText(say('Somebody has this login already', '已有人使用该账号'), { exact: true }).waitFor()
    const said = await page.locator('.mantine-InputWrapper-error').allInnerTexts()
    // In Chinese nothing but Chinese, whichever rule found it.
    expect(said.filter((text) => (lang === 'en' ? /\p{Script=Han}/u : /[a-z]{2,} [a-z]{2,}/i).test(text))).toEqual([])
    expect(said.length).toBeGreaterThan(0)
    await expectAccessible(page, 'a new person, refused')
    await text(say('Login', '账号')).fill(login)
    await pick(
      page,
      new RegExp(`^${say('Unit', '单位')}`),
      say('Nanjing mon', '南京监控'),
      say('Nanjing monitoring centre', '南京监控中心'),
    )
    await page
      .getByRole('combobox', { name: say('Sees', '可见范围') })
      .or(text(say('Sees', '可见范围')))
      .first()
      .click()
    await page
      .getByRole('option', { name: say('Nanjing', '南京市') })
      .first()
      .click()
    const role = page
      .getByRole('combobox', { name: say('Role', '角色'), exact: true })
      .or(page.getByRole('textbox', { name: say('Role', '角色'), exact: true }))
    await role.first().fill(say('Monitoring', '监控'))
    await page
      .getByRole('option', { name: say('Monitoring centre', '监控中心') })
      .first()
      .click()
    await page.getByRole('button', { name: say('Take in', '新增'), exact: true }).click()
    const password = await page.locator('[data-secret]').innerText()
    await expectAccessible(page, 'the password of a new person')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('Close', '关闭') })
      .last()
      .click()
    await page.getByRole('heading', { level: 1, name: say('New Comer', '新来的') }).waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1)!
    expect(await logged('person-changed', id)).toBe(1)

    const theirs = await openWindow(browser, stack.url, { lang })
    const other = await signIn(theirs, login, password)
    await other.goto('/board')
    await other.getByRole('heading', { level: 1 }).waitFor()
    const me = await other.evaluate<{ region: { path: string }; may: { change: string[] } }>(`fetch('/api/v1/me').then((r) => r.json())`)
    expect([me.region.path, me.may.change]).toEqual(['/cn/js/nj', []])
    const customers = await other.evaluate<{ items: { region: string }[] }>(`fetch('/api/v1/customers?limit=200').then((r) => r.json())`)
    const services = await other.evaluate<{ items: { region: string }[] }>(`fetch('/api/v1/services?limit=200').then((r) => r.json())`)
    expect(services.items.length).toBeGreaterThan(0)
    expect(customers.items.length).toBeGreaterThan(0)
    for (const { region } of services.items) expect(region.startsWith('/cn/js/nj')).toBe(true)
    // Administration is no room of his.
    expect(await other.getByRole('link', { name: say('Administration', '系统管理') }).count()).toBe(0)

    await page.getByRole('button', { name: say('Add an absence', '登记请假') }).click()
    await page.getByRole('textbox', { name: say('Reason', '原因') }).fill('x')
    await page.getByRole('button', { name: say('Add an absence', '登记请假') }).click()
    await page.getByText(say('Required', '必填'), { exact: true }).first().waitFor()
    await expectAccessible(page, 'a person')
    await page.getByRole('button', { name: say('Let go', '停用') }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: say('Let go', '停用') })
      .click()
    await page.getByText(say('let go', '已停用'), { exact: true }).first().waitFor()
    // Whoever is let go is out at once.
    await other.goto('/orders')
    await other.waitForURL((url) => url.pathname === '/login')
    expect(window.errors.filter((line) => !/422/.test(line))).toEqual([])
    await theirs.context.close()
    await window.context.close()
  })

  it('makes a working day a holiday once it is seen what that changes; the year shows it', async () => {
    const day = lang === 'en' ? '2029-03-06' : '2029-03-07'
    const window = await openWindow(browser, stack.url, { lang })
    const page = await signIn(window, 'vp')
    await page.goto('/admin?tab=calendars&calendar=W&year=2029')
    await page.getByText(say('provisional', '暂定'), { exact: true }).waitFor()
    const cell = page.locator(`button[data-date="${day}"]`)
    expect(await cell.getAttribute('data-kind')).toBe('work')
    // By keyboard: a week back and forth again.
    await cell.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    expect(await page.evaluate('document.activeElement.dataset.date')).toBe(day)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(say('Why', '原因')).fill(say('The mayor says so', '市里通知'))
    await dialog.getByRole('button', { name: say('Show what would change', '预览变化') }).click()
    // Beyond the next two years no day is listed; the wording changes all the same.
    await dialog.locator('[data-preview]').waitFor()
    await expectAccessible(page, 'a day of a calendar')
    await dialog.getByRole('button', { name: say('Save as version', '保存为第') }).click()
    await page.locator(`button[data-date="${day}"][data-kind="holiday"]`).waitFor()
    const marked = page.locator(`button[data-date="${day}"]`)
    expect(await marked.getAttribute('aria-label')).toContain(say('Holiday', '节假日'))
    // Not by colour alone.
    const sign = `getComputedStyle(document.querySelector('[data-date="${day}"]'), '::after').content`
    expect(await page.evaluate(sign)).toBe(say('"H"', '"休"'))
    await expectAccessible(page, 'the year of a calendar')
    expect(await logged('calendar-changed', 'W')).toBe(lang === 'en' ? 1 : 2)
    expect((await checkAdminLog(world.db.pool as never)).broken).toBeNull()
    expect(window.errors).toEqual([])
    await window.context.close()
  })

  it('keeps a view, shares it, and a colleague opens it', async () => {
    const name = say('Late in Nanjing', '南京超时')
    const window = await openWindow(browser, stack.url, { lang })
    const page = await signIn(window, 'monitor')
    await page.goto('/orders?overdue=true&sort=nextDueAt')
    await page.getByRole('button', { name: say('Views', '视图') }).click()
    await page.getByRole('menuitem', { name: say('Save this view', '保存当前视图') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: say('Name', '名称') }).fill('x')
    await dialog
      .getByRole('combobox')
      .or(dialog.getByRole('textbox', { name: say('Who sees it', '谁能看到') }))
      .last()
      .click()
    await page.getByRole('option').last().click()
    await expectAccessible(page, 'to save a view')
    await dialog.getByRole('button', { name: say('Save', '保存'), exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'x', exact: true }).click()
    await page.getByRole('menuitem', { name: say('Manage views', '管理视图') }).click()
    await dialog.getByRole('button', { name: say('Change “x”', '修改“x”') }).click()
    await dialog.getByRole('textbox', { name: say('Name', '名称') }).fill(name)
    await dialog.getByRole('button', { name: say('Save', '保存'), exact: true }).click()
    await dialog.getByText(name, { exact: true }).waitFor()
    await expectAccessible(page, 'the own views')

    const theirs = await openWindow(browser, stack.url, { lang })
    const other = await signIn(theirs, 'lixin.song')
    await other.goto('/orders')
    await other.getByRole('button', { name: say('Views', '视图') }).click()
    await expectAccessible(other, 'views of a page')
    await other.getByRole('menuitem', { name }).click()
    await other.waitForURL((url) => url.searchParams.get('overdue') === 'true' && url.searchParams.get('sort') === 'nextDueAt')
    // From anywhere, by its name.
    await other.goto('/notifications')
    await other.getByRole('heading', { level: 1 }).waitFor()
    await other.keyboard.press('Control+k')
    await other.getByPlaceholder(say('Order number', '工单号')).fill(name)
    await other.getByRole('button', { name }).first().click()
    await other.waitForURL((url) => url.pathname === '/orders' && url.searchParams.get('overdue') === 'true')

    await dialog.getByRole('button', { name: say(`Remove “${name}”`, `删除“${name}”`) }).click()
    await dialog.getByText(name, { exact: true }).waitFor({ state: 'detached' })
    expect([window.errors, theirs.errors]).toEqual([[], []])
    await theirs.context.close()
    await window.context.close()
  })

  it('writes a campaign as a draft, with what is wrong at its fields', async () => {
    const id = `spring-${lang}`
    const window = await openWindow(browser, stack.url, { lang })
    const page = await signIn(window, 'analyst')
    await page.goto('/retention')
    await page.getByRole('button', { name: say('New campaign', '新建活动') }).click()
    const dialog = page.getByRole('dialog')
    const text = (label: string) => dialog.getByRole('textbox', { name: label })
    await text(say('Id', '编号')).fill(id)
    await text(say('Chinese name', '中文名称')).fill('春季挽留')
    await text(say('English name', '英文名称')).fill('Spring')
    await text(say('First day', '第一天')).fill('2099-03-01')
    await text(say('Last day', '最后一天')).fill('2099-05-31')
    await text(say('What is offered', '挽留方案')).fill('A')
    await text(say('Budget', '预算')).fill('1200.50')
    await dialog.getByRole('button', { name: say('Save the draft', '保存草稿') }).click()
    await dialog.getByText(say('name at least one condition', '至少要有一个目标条件')).first().waitFor()
    await expectAccessible(page, 'a campaign, refused')
    await text(say('Months with us, from', '在网月数不少于')).fill('6')
    await dialog.getByRole('button', { name: say('Save the draft', '保存草稿') }).click()
    await page.waitForURL((url) => url.pathname === `/retention/campaigns/${id}`)
    await page.getByRole('heading', { level: 1, name: say('Spring', '春季挽留') }).waitFor()
    const { rows } = await world.db.pool.query('SELECT state, budget::int, spec FROM campaign WHERE id = $1', [id])
    expect(rows).toEqual([{ state: 'draft', budget: 120_050, spec: expect.objectContaining({ target: { tenureFrom: 6 }, holdout: 1000 }) }])
    await window.context.close()
  })
})

describe('what was for the API alone', () => {
  it('a schedule: made with the form of its process, run now, removed', async () => {
    const window = await openWindow(browser, stack.url)
    const page = await signIn(window, 'supervisor')
    await page.goto('/admin?tab=schedules')
    await page.getByRole('button', { name: 'New schedule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Id' }).fill('nightly-look')
    await dialog.getByLabel('Process').first().fill('Abnormal')
    await page.getByRole('option').first().click()
    await dialog.getByRole('textbox', { name: 'Title of its orders' }).fill('Look at odd customers')
    await dialog.getByLabel('Comes from').first().click()
    await page.getByRole('option', { name: 'A detection run' }).click()
    await expectAccessible(page, 'a schedule')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const row = page.getByRole('row').filter({ hasText: 'Look at odd customers' })
    await row.waitFor()
    expect(await logged('schedule-changed', 'nightly-look')).toBe(1)
    await row.getByRole('button', { name: /^Change:/ }).click()
    await page.getByRole('menuitem', { name: 'Run now' }).click()
    await stack.waitFor(
      async () => (await world.db.pool.query(`SELECT 1 FROM orders WHERE id LIKE 'sched-nightly-look-%'`)).rows[0] as object | undefined,
      'the run has opened its order',
    )
    await row.getByRole('button', { name: /^Change:/ }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await row.waitFor({ state: 'detached' })
    expect(await logged('schedule-removed', 'nightly-look')).toBe(1)
    expect(window.errors).toEqual([])
    await window.context.close()
  })

  it('a settlement scheme: saved by the clerk, refused by field, released by the market department', async () => {
    const clerks = await openWindow(browser, stack.url)
    const page = await signIn(clerks, 'settlement')
    await page.goto('/settlement?tab=schemes')
    await page.getByRole('button', { name: 'New scheme' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Id' }).fill('spring-bonus')
    await dialog.getByRole('textbox', { name: 'Chinese name' }).fill('春季奖励')
    await dialog.getByRole('textbox', { name: 'English name' }).fill('Spring bonus')
    const wording = dialog.getByRole('textbox', { name: 'Its wording' })
    const right = await wording.inputValue()
    await wording.fill(right.replace('"fixed": 1000', '"fixed": "much"'))
    await dialog.getByRole('button', { name: 'Save the draft' }).click()
    await dialog
      .getByRole('alert')
      .getByText(/spec\.tiers\.0\.pay/)
      .waitFor()
    await expectAccessible(page, 'a scheme, refused')
    await wording.fill(right)
    await dialog.getByRole('button', { name: 'Save the draft' }).click()
    await page.getByRole('link', { name: 'Spring bonus' }).click()
    await dialog.getByRole('heading', { name: 'Version 1' }).waitFor()
    // Nobody releases what he has saved.
    expect(await dialog.getByRole('button', { name: 'Release' }).count()).toBe(0)

    const others = await openWindow(browser, stack.url)
    const other = await signIn(others, 'market')
    await other.goto('/settlement?tab=schemes&scheme=spring-bonus')
    await other.getByRole('dialog').getByRole('button', { name: 'Release' }).click()
    await other.getByText('It is in force').first().waitFor()
    await expectAccessible(other, 'a scheme')
    expect(await logged('scheme-released', 'spring-bonus')).toBe(1)
    await others.context.close()
    await clerks.context.close()
  })
})
