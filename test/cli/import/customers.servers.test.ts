import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { importCustomers } from '../../../cli/import/import-customers.ts'
import { readCustomers } from '../../../cli/import/customers.ts'
import { decode } from '../../../cli/import/text.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

const sample = 'test/data/telco-customers-200.csv'
const text = readFileSync(sample, 'utf8')
const lines = text.trimEnd().split('\n')

let database: TestDatabase | undefined
beforeEach(async () => {
  await database?.drop()
  database = await createTestDatabase()
})
afterAll(() => database?.drop())
const pool = () => database!.pool
const count = async () =>
  (await pool().query<{ n: number }>('SELECT count(*)::int AS n FROM customer c JOIN customer_profile p ON p.customer_id = c.id')).rows[0]!
    .n

function file(content: string | Uint8Array, name = 'customers.csv'): string {
  const folder = mkdtempSync(join(tmpdir(), 'paidan-customers-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Text of two-byte characters in GB18030, for which Node has no encoder. */
const gb = (content: string) =>
  Buffer.concat([...content].map((c) => ({ 南: Buffer.from([0xc4, 0xcf]), 京: Buffer.from([0xbe, 0xa9]) })[c] ?? Buffer.from(c)))

describe('a workbook', () => {
  it('becomes the same customers as the list in it; rows that are wrong keep their numbers', async () => {
    const book = new ExcelJS.Workbook()
    const sheet = book.addWorksheet('customers')
    lines.forEach((line, i) => {
      const cells = line.trimEnd().split(',')
      // As a spreadsheet would keep them: numbers as numbers.
      sheet.addRow(i === 0 ? cells : cells.map((cell) => (/^\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell)))
    })
    sheet.addRow([])
    sheet.addRow(['x'])
    const path = file(new Uint8Array(await book.xlsx.writeBuffer()), 'customers.xlsx')
    const [fromBook, fromText] = [await readCustomers(path), await readCustomers(sample)]
    expect(fromBook.customers).toEqual(fromText.customers)
    expect(fromBook.rejects).toMatchObject([{ line: lines.length + 2 }])
  })

  it.each([
    ['of the old kind', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0]), /\.xls\)/],
    ['that is none', Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2, 3]), /looks like a workbook/],
  ])('%s is refused', async (_what, bytes, message) => {
    await expect(readCustomers(file(bytes, 'x.xlsx'))).rejects.toThrow(message)
  })
})

describe('the customer list', () => {
  it('becomes customers with profiles; a second run writes none', async () => {
    expect(await importCustomers(pool(), { path: sample })).toMatchObject({ read: 200, written: 200, existing: 0, rejected: 0, left: 0 })
    expect(await importCustomers(pool(), { path: sample })).toMatchObject({ read: 200, written: 0, existing: 200, rejected: 0, left: 0 })
    const { rows } = await pool().query(`SELECT c.no, c.status, c.name_zh, c.grade, p.tenure_months, p.contract, p.payment, p.flags,
      p.monthly_charge::int, p.total_charge::int, p.value_class, p.churned FROM customer c JOIN customer_profile p ON p.customer_id = c.id WHERE c.id = 'tc-7590-VHVEG'`)
    expect(rows).toEqual([
      {
        no: 'TC7590-VHVEG',
        status: 'active',
        name_zh: '客户 7590-VHVEG',
        grade: 'local-c',
        tenure_months: 1,
        contract: 'month-to-month',
        payment: 'electronic-check',
        flags: ['dsl', 'online-backup', 'paperless', 'partner'],
        monthly_charge: 2_985,
        total_charge: 2_985,
        value_class: 'low',
        churned: false,
      },
    ])
  })

  it('of a later month changes who is there, and says who has left since; a second run changes none', async () => {
    await importCustomers(pool(), { path: sample })
    const churn = (line: string) => line.split(',')[20]
    const stays = lines.findIndex((line) => churn(line) === 'No')
    const gone = lines.findIndex((line, i) => i > stays && churn(line) === 'No')
    const back = lines.findIndex((line) => churn(line) === 'Yes')
    const id = (line: number) => `tc-${lines[line]!.split(',')[0]}`
    const later = lines.map((line, i) => {
      const cells = line.split(',')
      if (i === gone) return cells.with(20, 'Yes').join(',')
      if (i === back) return cells.with(20, 'No').join(',')
      return i === stays ? cells.with(5, String(Number(cells[5]) + 1)).join(',') : line
    })
    const path = file(later.join('\n'))
    const now = new Date(Date.now() + 60_000)
    expect(await importCustomers(pool(), { path, now })).toMatchObject({ written: 0, existing: 200, updated: 0 })
    expect(await importCustomers(pool(), { path, now, update: true })).toMatchObject({ written: 0, existing: 200, updated: 2, left: 0 })
    expect(await importCustomers(pool(), { path, update: true })).toMatchObject({ updated: 0 })
    const { rows } = await pool().query(
      `SELECT c.id, c.status, p.churned, p.updated_at FROM customer c JOIN customer_profile p ON p.customer_id = c.id WHERE c.id = ANY ($1)`,
      [[id(stays), id(gone), id(back)]],
    )
    const of = (line: number) => rows.find((row: { id: string }) => row.id === id(line))
    expect(of(stays)).toMatchObject({ status: 'active', churned: false, updated_at: now })
    expect(of(gone)).toMatchObject({ status: 'left', churned: true, updated_at: now })
    expect(of(back)).toMatchObject({ status: 'left', churned: true })
  })

  it('makes history of who left, and spreads customers over counties and their account managers', async () => {
    await importCustomers(pool(), { path: sample })
    const churned = lines.slice(1).filter((line) => line.split(',')[20] === 'Yes').length
    const { rows } = await pool().query(
      `SELECT count(*) FILTER (WHERE status = 'left')::int AS "left", count(*) FILTER (WHERE status = 'left' AND churned)::int AS both,
        count(DISTINCT region_path)::int AS counties, count(DISTINCT account_manager_id)::int AS managers
       FROM customer c JOIN customer_profile p ON p.customer_id = c.id`,
    )
    expect(rows).toEqual([{ left: churned, both: churned, counties: 4, managers: 4 }])
    const { rows: wrong } = await pool().query(
      `SELECT c.id FROM customer c LEFT JOIN staff s ON s.id = c.account_manager_id
        WHERE s.id IS NULL OR NOT starts_with(c.region_path, s.region_path || '/')
          OR NOT EXISTS (SELECT FROM staff_role r WHERE r.staff_id = s.id AND r.role = 'account-manager')`,
    )
    expect(wrong).toEqual([])
  })

  it('puts each customer where it did before, in whatever order and batches', async () => {
    const places = () => pool().query('SELECT id, region_path, account_manager_id FROM customer ORDER BY id')
    await importCustomers(pool(), { path: sample })
    const first = (await places()).rows
    await pool().query("DELETE FROM customer_profile; DELETE FROM customer WHERE id LIKE 'tc-%'")
    await importCustomers(pool(), { path: file([lines[0], ...lines.slice(1).reverse(), ''].join('\n')), batch: 7 })
    expect((await places()).rows).toEqual(first)
  })

  it('rejects broken rows with their reasons, writes the others, and takes them once they are corrected', async () => {
    const broken = [...lines]
    const swap = (line: number, column: number, value: string) => {
      const cells = broken[line - 1]!.split(',')
      cells[column] = value
      broken[line - 1] = cells.join(',')
    }
    swap(3, 18, '12.345')
    swap(4, 15, 'Weekly')
    swap(5, 19, ' ')
    swap(6, 5, '-1')
    broken[6] = 'one,two'
    swap(8, 0, broken[1]!.split(',')[0]!)
    swap(9, 20, '')
    const summary = await importCustomers(pool(), { path: file(broken.join('\n')) })
    expect(summary).toMatchObject({ read: 200, written: 193, rejected: 7, left: 0 })
    expect(summary.rejects.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'MonthlyCharges "12.345" is not an amount with at most two decimals'],
      [4, 'unknown Contract "Weekly"; known: Month-to-month, One year, Two year'],
      [5, 'TotalCharges "" is not an amount with at most two decimals'],
      [6, 'tenure "-1" is not a whole number of months'],
      [7, 'has 2 columns instead of 26'],
      [8, 'second row of this customer; the one on line 2 counts'],
      [9, 'Churn is missing'],
    ])
    const noted = async () =>
      (await pool().query("SELECT source_id FROM import_row WHERE source = 'telco-customers' AND state = 'rejected'")).rows.length
    // The second row of a customer who is there is no note about him.
    expect(await noted()).toBe(6)
    expect(await importCustomers(pool(), { path: sample })).toMatchObject({ written: 7, existing: 193, rejected: 0 })
    // The row of two columns has a number of its own, which the list never has again.
    expect(await noted()).toBe(1)
  })

  it('is read in UTF-8 and GB18030, with and without a mark', async () => {
    const chinese = text.replaceAll('Los Angeles', '南京')
    const [utf8, other] = [Buffer.from(chinese), gb(chinese)]
    for (const [bytes, encoding] of [
      [utf8, 'utf-8'],
      [Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8]), 'utf-8'],
      [other, 'gb18030'],
      [Buffer.concat([Buffer.from([0x84, 0x31, 0x95, 0x33]), other]), 'gb18030'],
    ] as const) {
      const decoded = decode(bytes, 'list.csv')
      expect(decoded.encoding).toBe(encoding)
      expect(decoded.text).toBe(chinese)
      expect((await readCustomers(file(bytes))).customers).toHaveLength(200)
    }
  })

  it('is refused as a whole when it can’t be read, and says what to do', async () => {
    const refused = (path: string) => expect(importCustomers(pool(), { path })).rejects
    await refused('/nowhere/list.csv').toThrow(/\/nowhere\/list.csv can't be read: there is no such file/)
    await refused(file(Buffer.from([0x41, 0xff, 0xff, 0x0a]))).toThrow(/neither UTF-8 nor GB18030/)
    await refused(file('')).toThrow(/is empty/)
    await refused(file('customerID,tenure\n1,2\n')).toThrow(/has no column "Contract"/)
    expect(await count()).toBe(0)
  })

  it('changes nothing on a dry run, and stops between batches when asked', async () => {
    expect(await importCustomers(pool(), { path: sample, dryRun: true })).toMatchObject({ read: 200, written: 0, left: 200 })
    expect(await count()).toBe(0)
    const stop = new AbortController()
    const first = await importCustomers(pool(), {
      path: sample,
      batch: 30,
      stop: stop.signal,
      onProgress: (done) => done >= 60 && stop.abort(),
    })
    expect(first).toMatchObject({ written: 60, left: 140 })
    expect(await importCustomers(pool(), { path: sample })).toMatchObject({ written: 140, existing: 60, left: 0 })
  })

  it('ends with everybody once though it was killed in the middle', async () => {
    const copies = Array.from({ length: 40 }, (_, i) => lines.slice(1).map((line) => `${i}x${line}`)).flat()
    const path = file([lines[0], ...copies].join('\n'))
    const rejects = join(path, '..', 'rejects.csv')
    const run = () =>
      spawn(process.execPath, ['--import', 'tsx', 'cli/import/main.ts', 'customers', path, '--rejects', rejects], {
        env: { ...process.env, DATABASE_URL: database!.url, PAIDAN_HOME: join(path, '..') },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    const killed = run()
    const gone = new Promise((resolve) => killed.once('exit', (_, signal) => resolve(signal)))
    while ((await count()) === 0 && killed.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
    killed.kill('SIGKILL')
    expect(await gone).toBe('SIGKILL')
    const before = await count()
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(8_000)
    const again = run()
    let said = ''
    again.stdout.on('data', (chunk: Buffer) => (said += String(chunk)))
    expect(await new Promise((resolve) => again.once('exit', resolve))).toBe(0)
    expect(said).toContain(`read 8000, written ${8_000 - before}, already there ${before}, rejected 0, in`)
    expect(await count()).toBe(8_000)
    expect(existsSync(rejects)).toBe(false)
  })
})
