import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { person } from '../../prisma/seed/organisation.ts'
import { API, type Caller, type Door, MINUTE, MONDAY, openDoor, startFault } from './support/door.ts'

let door: Door
let province: Caller
let auditor: Caller
let order: string
beforeAll(async () => {
  door = await openDoor()
  province = await door.as('xiaomei.lin')
  auditor = await door.as('auditor')
  order = await startFault(door)
  const monitor = await door.as('monitor')
  await monitor.command(order, { type: 'accept', task: 'accept-fault.1' })
  await monitor.command(order, { type: 'complete', task: 'accept-fault.1', outcome: 'accepted' })
  await monitor.command(order, { type: 'complete', task: 'diagnose.1', outcome: 'needs-dispatch', form: { diagnosis: '光缆中断' } })
  await monitor.command(order, {
    type: 'complete',
    task: 'dispatch-fault.1',
    outcome: 'dispatched',
    form: { unit: person('engineer').unit.id },
  })
  await (await door.as('engineer')).command(order, { type: 'accept', task: 'take-ticket.1' })
  const supervisor = await door.as('supervisor')
  const suspend = { type: 'suspend', task: 'repair-fault.1', reason: '机房无人', party: 'customer' }
  expect((await supervisor.command(order, { ...suspend, until: '2026-01-05T18:00:00+08:00' })).status).toBe(200)
  door.now.value = MONDAY + 120 * MINUTE
  expect((await supervisor.command(order, { type: 'resume', task: 'repair-fault.1' })).status).toBe(200)
  await supervisor.command(order, { type: 'comment', text: `=cmd ${'很长的备注'.repeat(100)}` })
})
afterAll(() => door.close())

describe('GET /orders/{id}/clocks', () => {
  it('says why a limit is due when it is: version, calendar, every pause', async () => {
    const { status, body } = await province.get(`/orders/${order}/clocks`)
    expect(status).toBe(200)
    const repair = body.items.find((one: { clock: string }) => one.clock === 'repair-fault.1/complete')
    const paused = body.items.find((one: { lines: { what: string }[] }) => one.lines.some(({ what }) => what === 'paused'))
    const clock = repair ?? paused
    expect(clock).toMatchObject({ state: 'running', provisional: false, policy: { changedBy: null } })
    expect(clock.lines.map(({ what }: { what: string }) => what)).toEqual(['started', 'paused', 'resumed'])
    expect(clock.lines[1]).toMatchObject({ party: 'customer', reason: '机房无人' })
    expect(clock.lines[2]).toMatchObject({ byMs: 120 * MINUTE, dueAt: clock.dueAt })
    // Nothing but the pause lies between the limit and the instant at which it is due.
    expect(Date.parse(clock.dueAt)).toBe(MONDAY + clock.budgetMs + 120 * MINUTE)
    expect(clock.leftMs).toBe(Date.parse(clock.dueAt) - door.now.value)
    expect(clock.because.en).toContain('1 pause of 2 h')
    expect(clock.because.zh).toContain('暂停 1 次')
    expect(clock.ladder.length).toBeGreaterThan(0)
    const detail = (await province.get(`/orders/${order}`)).body.clocks
    for (const { clock: name, dueAt } of body.items)
      expect([name, dueAt]).toEqual([name, detail.find((one: { clock: string }) => one.clock === name).dueAt])
  })
})

describe('GET /orders/{id}/compare', () => {
  it('shows what is different between two moments', async () => {
    const { body } = await auditor.get(`/orders/${order}/compare?from=1&to=5`)
    expect([body.from.seq, body.to.seq, body.events]).toEqual([1, 5, 4])
    expect(body.changes.map(({ area }: { area: string }) => area)).toContain('tasks')
    expect((await auditor.get(`/orders/${order}/compare?from=4&to=4`)).body.changes).toEqual([])
    const back = (await auditor.get(`/orders/${order}/compare?from=5&to=1`)).body
    expect(back.changes).toEqual(body.changes.map((one: { from: unknown; to: unknown }) => ({ ...one, from: one.to, to: one.from })))
  })

  it('takes instants too, and refuses both or neither', async () => {
    const { body } = await auditor.get(`/orders/${order}/compare?fromTime=2026-01-05T01:00:00Z&toTime=2026-01-05T03:00:00Z`)
    expect(body.changes.length).toBeGreaterThan(0)
    expect((await auditor.get(`/orders/${order}/compare?from=1`)).status).toBe(422)
    expect((await auditor.get(`/orders/${order}/compare?from=1&fromTime=2026-01-05T01:00:00Z&to=2`)).status).toBe(422)
    expect((await auditor.get(`/orders/${order}/compare?from=1&to=9999`)).status).toBe(404)
  })
})

describe('a history as a file', () => {
  const fetchFile = (format: string, query = '') =>
    request(door.server).get(`${API}/orders/${order}/history.${format}${query}`).set(auditor.identity).buffer(true)

  it('as JSON, whose chain a program can check', async () => {
    const { status, body, headers } = await fetchFile('json')
    expect(status).toBe(200)
    expect(headers['content-disposition']).toMatch(/attachment; filename="?GF-.*\.json"?/)
    expect(body.verified).toBe(true)
    expect(body.events.map(({ seq }: { seq: number }) => seq)).toEqual(body.events.map((_: unknown, i: number) => i + 1))
    for (const [i, event] of body.events.entries()) if (i > 0) expect(event.prevHash).toBe(body.events[i - 1].hash)
  })

  it('as CSV, in both languages, with no formula in it', async () => {
    const zh = (await fetchFile('csv')).text
    expect(zh.startsWith('\uFEFF序号')).toBe(true)
    expect(zh).toContain('接单')
    expect(zh).toContain('光缆中断')
    expect((await fetchFile('csv', '?lang=en')).text).toContain('Accepted')
    const rows = zh.trim().split('\r\n')
    expect(rows.every((row) => !/(^|,)"?[=@]/.test(row))).toBe(true)
  })

  it('as a PDF with its own Chinese font, cut to what is needed', async () => {
    const { status, body, headers } = await fetchFile('pdf').parse((res, done) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () => done(null, Buffer.concat(chunks)))
    })
    expect([status, headers['content-type']]).toEqual([200, 'application/pdf'])
    const text = (body as Buffer).toString('latin1')
    expect(text.startsWith('%PDF-1.')).toBe(true)
    expect(text.trimEnd().endsWith('%%EOF')).toBe(true)
    expect(text).toMatch(/\/BaseFont \/[A-Z]{6}\+NotoSansSC/)
    expect(text.match(/\/Type \/Page\b(?!s)/g)!.length).toBeGreaterThanOrEqual(2)
    // The whole font has ten megabytes.
    expect((body as Buffer).length).toBeLessThan(600_000)
  })
})
