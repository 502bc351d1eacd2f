import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Response } from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FILE_LIMIT } from '../../api/attachments/receive.ts'
import { API, type Caller, type Door, openDoor, startFault } from './support/door.ts'

let door: Door
let monitor: Caller
let order: string
beforeAll(async () => {
  door = await openDoor()
  monitor = await door.as('monitor')
  order = await startFault(door)
})
afterAll(() => door.close())

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
/** A container of old Office files, as far as its first bytes tell. */
const CFB = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504)])
const TEXT = Buffer.from('时间,地点\n09:00,南京\n')
const GBK = Buffer.from('cab1bce42cb5d8b5e30a30393a30302cc4cfbea90a', 'hex')

const attach = (
  bytes: Buffer,
  name: string,
  { by = monitor, to = order, key = randomUUID(), task = undefined as string | undefined } = {},
): Promise<Response> => {
  const upload = by.raw('post', `/orders/${to}/attachments`).set('Idempotency-Key', key)
  return (task === undefined ? upload : upload.field('task', task)).attach('file', bytes, name).then()
}

const count = async () => Number((await door.db.pool.query('SELECT count(*) AS n FROM attachment')).rows[0].n)
const incoming = () => readdirSync(join(door.files, 'incoming'))

describe('a file', () => {
  it.each([
    ['bericht.png', PNG, 'image/png'],
    ['报告.pdf', PDF, 'application/pdf'],
    ['list.csv', TEXT, 'text/csv'],
    ['log.txt', TEXT, 'text/plain'],
    ['old.csv', GBK, 'text/csv'],
    ['letter.doc', CFB, 'application/msword'],
    ['table.xls', CFB, 'application/vnd.ms-excel'],
    ['README', TEXT, 'text/plain'],
  ])('is taken, kept by its hash and given back: %s', async (name, bytes, mime) => {
    const response = await attach(bytes, name)
    expect(response.status).toBe(201)
    expect(response.body).toEqual({
      id: expect.any(String),
      order,
      task: null,
      name,
      mime,
      size: bytes.length,
      sha256: sha(bytes),
      version: null,
      uploadedBy: monitor.id,
      uploadedAt: new Date(door.now.value).toISOString(),
    })
    const { location } = response.headers as { location: string }
    expect(location).toBe(`${API}/orders/${order}/attachments/${response.body.id}`)
    expect(readFileSync(join(door.files, sha(bytes).slice(0, 2), sha(bytes)))).toEqual(bytes)
    const back = await monitor
      .raw('get', location.replace(API, ''))
      .buffer(true)
      .parse((res, done) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => done(null, Buffer.concat(chunks)))
      })
    expect([back.status, back.body]).toEqual([200, bytes])
    expect(back.headers['content-type']).toBe(mime)
    expect(back.headers['content-disposition']).toMatch(/^attachment; filename=/)
    expect(back.headers['x-content-type-options']).toBe('nosniff')
    expect(back.headers['content-security-policy']).toBe("default-src 'none'; sandbox")
    expect(incoming()).toEqual([])
  })

  it('belongs to a task, and is shown with its order', async () => {
    const response = await attach(PDF, 'a.pdf', { task: 'accept-fault.1' })
    expect([response.status, response.body.task]).toEqual([201, 'accept-fault.1'])
    const { body } = await monitor.get(`/orders/${order}/attachments`)
    expect(body.items).toContainEqual(response.body)
    expect((await monitor.get(`/orders/${order}`)).body.attachments).toEqual(body.items)
  })

  it('with a path as its name keeps the last part', async () => {
    expect((await attach(TEXT, '../../etc/notes.txt')).body.name).toBe('notes.txt')
    expect((await attach(TEXT, 'C:\\docs\\plan.txt')).body.name).toBe('plan.txt')
  })

  it('of 20 MB is streamed; one byte more is refused', async () => {
    const line = Buffer.from(`${'x'.repeat(1023)}\n`)
    const full = Buffer.concat(Array.from({ length: FILE_LIMIT / 1024 }, () => line))
    const taken = await attach(full, 'full.txt')
    expect([taken.status, taken.body.size]).toEqual([201, FILE_LIMIT])
    const before = await count()
    const refused = await attach(Buffer.concat([full, Buffer.from('x')]), 'full.txt')
    expect([refused.status, refused.body.code]).toEqual([413, 'FILE_TOO_LARGE'])
    expect([await count(), incoming()]).toEqual([before, []])
  })

  it('sent again with the same key is there once', async () => {
    const key = randomUUID()
    const first = await attach(PDF, 'b.pdf', { key })
    const before = await count()
    const again = await attach(PDF, 'b.pdf', { key })
    expect([again.status, again.body, again.headers['idempotent-replayed']]).toEqual([200, first.body, 'true'])
    const other = await attach(PNG, 'b.png', { key })
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH'])
    expect(await count()).toBe(before)
  })

  it('sent ten times at once with one key is there once', async () => {
    const key = randomUUID()
    const before = await count()
    const answers = await Promise.all(Array.from({ length: 10 }, () => attach(PDF, 'c.pdf', { key })))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(await count()).toBe(before + 1)
  })
})

describe('a file is refused, and nothing is left of it', () => {
  it.each([
    ['empty', Buffer.alloc(0), 'a.txt', 422, 'FILE_EMPTY'],
    ['a program', Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(100)]), 'a.txt', 415, 'FILE_TYPE_NOT_ALLOWED'],
    ['an archive', Buffer.from('1f8b0800000000000003', 'hex'), 'a.txt', 415, 'FILE_TYPE_NOT_ALLOWED'],
    ['bytes of no known type', Buffer.from([1, 2, 3, 4]), 'a.txt', 415, 'FILE_TYPE_NOT_ALLOWED'],
    ['a picture that calls itself a document', PNG, 'a.pdf', 415, 'FILE_NAME_MISMATCH'],
    ['a text that calls itself a program', TEXT, 'a.exe', 415, 'FILE_NAME_MISMATCH'],
    ['a page', Buffer.from('<html><script>1</script></html>'), 'a.html', 415, 'FILE_NAME_MISMATCH'],
    ['a drawing with scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'a.svg', 415, 'FILE_'],
  ])('%s', async (_what, bytes, name, status, code) => {
    const before = await count()
    const response = await attach(bytes, name)
    expect([response.status, response.body.code]).toEqual([status, expect.stringContaining(code)])
    expect([await count(), incoming()]).toEqual([before, []])
  })

  it.each<[string, () => Promise<Response>, number, string]>([
    ['no file', () => upload().field('task', 'accept-fault.1').then(), 422, 'FILE_REQUIRED'],
    ['in another field', () => upload().attach('picture', PNG, 'a.png').then(), 422, 'VALIDATION_FAILED'],
    ['two at once', () => upload().attach('file', PNG, 'a.png').attach('file', PNG, 'b.png').then(), 422, 'VALIDATION_FAILED'],
    ['with an unknown field', () => upload().field('colour', 'red').attach('file', PNG, 'a.png').then(), 422, 'VALIDATION_FAILED'],
    [
      'with a field twice',
      () => upload().field('task', 'a').field('task', 'b').attach('file', PNG, 'a.png').then(),
      422,
      'VALIDATION_FAILED',
    ],
    ['with a task that there is not', () => attach(PNG, 'a.png', { task: 'nothing.1' }), 404, 'NO_SUCH_TASK'],
    ['as JSON', () => upload().send({ file: 'x' }).then(), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['without a boundary', () => upload().set('Content-Type', 'multipart/form-data').send('x').then(), 400, 'MALFORMED_REQUEST'],
    [
      'broken off',
      () =>
        upload()
          .set('Content-Type', 'multipart/form-data; boundary=b')
          .send('--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx')
          .then(),
      400,
      'MALFORMED_REQUEST',
    ],
  ])('%s', async (_what, send, status, code) => {
    const before = await count()
    const response = await send()
    expect([response.status, response.body.code]).toEqual([status, code])
    expect([await count(), incoming()]).toEqual([before, []])
  })

  const upload = () => monitor.raw('post', `/orders/${order}/attachments`).set('Idempotency-Key', randomUUID())

  it('many at once, before their files are even open', async () => {
    const before = await count()
    const send = () => upload().field('task', 'a').field('task', 'b').attach('file', PNG, 'a.png').then()
    const answers = await Promise.all(Array.from({ length: 60 }, send))
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set(['VALIDATION_FAILED']))
    expect([await count(), incoming()]).toEqual([before, []])
  })

  it('whose sender goes away in the middle', async () => {
    const before = await count()
    const { port } = door.server.address() as AddressInfo
    await new Promise<void>((resolve) => {
      const req = httpRequest({
        port,
        path: `${API}/orders/${order}/attachments`,
        method: 'POST',
        headers: {
          ...monitor.identity,
          'Idempotency-Key': 'gone',
          'Content-Type': 'multipart/form-data; boundary=b',
          'Content-Length': '100000',
        },
      })
      req.on('error', () => resolve())
      req.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello')
      setTimeout(() => req.destroy(), 100)
    })
    for (let i = 0; i < 50 && incoming().length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 20))
    expect([await count(), incoming()]).toEqual([before, []])
  })

  it('by an auditor', async () => {
    const response = await attach(PDF, 'a.pdf', { by: await door.as('auditor') })
    expect([response.status, response.body.code]).toEqual([403, 'NOT_ALLOWED'])
  })

  it('of an order that has ended', async () => {
    const ended = await startFault(door)
    expect((await (await door.as('lixin.song')).command(ended, { type: 'withdraw', reason: 'r' })).status).toBe(200)
    const response = await attach(PDF, 'a.pdf', { to: ended })
    expect([response.status, response.body.code]).toEqual([409, 'ORDER_CLOSED'])
  })
})

describe('a download', () => {
  it('of another order’s file finds none', async () => {
    const other = await startFault(door)
    const file = (await attach(PDF, 'a.pdf')).body.id as string
    expect((await monitor.get(`/orders/${other}/attachments/${file}`)).status).toBe(404)
  })

  it('whose bytes are gone is our fault, and says so', async () => {
    const bytes = Buffer.from('about to vanish')
    const file = (await attach(bytes, 'a.txt')).body.id as string
    rmSync(join(door.files, sha(bytes).slice(0, 2), sha(bytes)))
    const { status, body } = await monitor.get(`/orders/${order}/attachments/${file}`)
    expect([status, body.code]).toEqual([500, 'INTERNAL'])
  })
})

describe('a form field of type file', () => {
  it('takes files of the order only', async () => {
    const mine = (await attach(PDF, 'a.pdf')).body.id as string
    const other = await startFault(door)
    const theirs = (await attach(PDF, 'a.pdf', { to: other })).body.id as string
    await door.db.pool.query(
      `INSERT INTO task (order_id, task, step, n, status, opened_at, region_path, process, priority) VALUES ($1, 'upload-report.1', 'upload-report', 1, 'accepted', now(), '/cn', 'graded-fault', 1)`,
      [order],
    )
    const complete = (report: string) =>
      monitor.command(order, {
        type: 'complete',
        task: 'upload-report.1',
        outcome: 'uploaded',
        form: { report, cause: 'c', solution: 's' },
      })
    for (const file of [theirs, 'nothing', randomUUID()])
      expect((await complete(file)).body).toMatchObject({ code: 'UNKNOWN_REFERENCE', errors: [{ field: 'form.report' }] })
    // The door lets it through; the order itself knows no such task.
    expect((await complete(mine)).body.code).toBe('NO_SUCH_TASK')
  })
})
