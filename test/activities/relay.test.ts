import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { backoff, deliverNotifications, OUTBOX_CHANNEL, publishOutbox, releaseExpired, startRelay } from '../../activities/relay.ts'
import { gradedFault } from '../../workflows/fault/graded-fault.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { Desk, everybodyPresent, faultAbout, MINUTE, MONDAY, silent } from './desk.ts'

let db: TestDatabase
let mail: MailServer
beforeAll(async () => {
  db = await createTestDatabase()
  await everybodyPresent(db.pool)
})
afterAll(() => db.drop())
beforeEach(async () => {
  mail = await MailServer.start()
  await db.pool.query("UPDATE notification SET state = 'dead' WHERE channel = 'email'; UPDATE outbox SET state = 'dead'")
})
afterEach(() => mail.stop())

/** A mail server as small as can be: it takes messages, or says what the test wants it to say. */
class MailServer {
  readonly messages: string[] = []
  /** Answer to RCPT TO. */
  answer = '250 ok'
  private readonly sockets = new Set<Socket>()
  private readonly server: Server

  constructor() {
    this.server = createServer((socket) => this.serve(socket))
  }

  static async start(): Promise<MailServer> {
    const mail = new MailServer()
    await new Promise<void>((resolve) => mail.server.listen(0, '127.0.0.1', resolve))
    return mail
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}?ignoreTLS=true`
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => {})
    let body: string | undefined
    let rest = ''
    socket.write('220 test\r\n')
    socket.on('data', (chunk) => {
      rest += chunk.toString()
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (body !== undefined) {
          if (line === '.') {
            this.messages.push(body)
            body = undefined
            socket.write('250 ok\r\n')
          } else body += `${line}\n`
        } else if (line.startsWith('RCPT')) socket.write(`${this.answer}\r\n`)
        else if (line === 'DATA') {
          body = ''
          socket.write('354 go on\r\n')
        } else socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n')
      }
    })
  }
}

/** Readable text of a mail: quoted-printable and base64 bodies, encoded words. */
const readable = (message: string): string => {
  const [head = '', ...parts] = message.split('\n\n')
  const body = parts.join('\n\n').replace(/=\n/g, '')
  const bytes = (text: string) =>
    Buffer.from(
      text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    )
  const decoded = /base64/i.test(head) ? Buffer.from(body, 'base64').toString() : bytes(body).toString()
  const word = (_: string, kind: string, text: string) =>
    kind.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString() : bytes(text.replaceAll('_', ' ')).toString()
  return `${head.replace(/\?=\n =\?/g, '?==?').replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, word)}\n\n${decoded}`
}

let orders = 0
const config = () => ({ SMTP_URL: mail.url, SMTP_FROM: 'Paidan <paidan@localhost>', PUBLIC_URL: 'https://paidan.example/' })
async function fault(): Promise<Desk> {
  const order = new Desk(db.pool, gradedFault, `mail-${++orders}`, { email: true })
  await order.open(await faultAbout(db.pool))
  return order
}
const emails = (order: Desk) =>
  order.rows("SELECT id, state, attempts, error, next_at, sent_at FROM notification WHERE order_id = $1 AND channel = 'email' ORDER BY id")

describe('notifications', () => {
  it('are in the inbox at once, and by e-mail only where that is on', async () => {
    const quiet = new Desk(db.pool, gradedFault, `mail-${++orders}`)
    await quiet.open(await faultAbout(db.pool))
    const channels = (order: Desk) =>
      order.rows('SELECT DISTINCT channel, state, sent_at FROM notification WHERE order_id = $1 ORDER BY channel DESC')
    expect(await channels(quiet)).toEqual([{ channel: 'inbox', state: 'sent', sent_at: new Date(MONDAY) }])
    const loud = await fault()
    expect(await channels(loud)).toEqual([
      { channel: 'inbox', state: 'sent', sent_at: new Date(MONDAY) },
      { channel: 'email', state: 'pending', sent_at: null },
    ])
    expect(await deliverNotifications(db.pool, { SMTP_FROM: 'x' }, { now: MONDAY })).toEqual({ sent: 0, failed: 0, dead: 0 })
    expect((await emails(loud)).every(({ state }) => state === 'pending')).toBe(true)
  })

  it('are sent once, in the language of the reader, with a link for our people', async () => {
    const order = await fault()
    await db.pool.query("UPDATE staff SET lang = 'en' WHERE id = (SELECT min(staff_id) FROM notification WHERE order_id = $1)", [
      order.state.id,
    ])
    const count = (await emails(order)).length
    const [one, two] = await Promise.all([1, 2].map(() => deliverNotifications(db.pool, config(), { now: MONDAY })))
    expect(one!.sent + two!.sent).toBe(count)
    expect(await deliverNotifications(db.pool, config(), { now: MONDAY })).toEqual({ sent: 0, failed: 0, dead: 0 })
    expect(await emails(order)).toMatchObject(Array(count).fill({ state: 'sent', attempts: 1, sent_at: new Date(MONDAY), error: null }))
    const texts = mail.messages.map(readable)
    expect(texts).toHaveLength(count)
    expect(
      texts.some(
        (text) => text.includes(`[${order.state.no}] A task waits for you to accept it`) && text.includes('Due: 2026-01-05 09:15'),
      ),
    ).toBe(true)
    expect(texts.every((text) => text.includes(`https://paidan.example/orders/${order.state.id}`))).toBe(true)
  })

  it('say to the customer what is the customer’s to know', async () => {
    const order = await fault()
    await db.pool.query("UPDATE notification SET state = 'dead' WHERE channel = 'email'")
    await order.act('st-022', { type: 'comment', text: 'we are on it', told: 'customer' })
    expect(await deliverNotifications(db.pool, config(), { now: MONDAY })).toMatchObject({ sent: 1 })
    const text = readable(mail.messages[0]!)
    expect(text).toContain('we are on it')
    expect(text).not.toContain('https://')
    expect(
      (
        await order.rows(
          "SELECT recipient_kind, contact_id, staff_id FROM notification WHERE order_id = $1 AND template = 'customer-message' AND channel = 'email'",
        )
      )[0],
    ).toMatchObject({ recipient_kind: 'customer', contact_id: expect.any(String), staff_id: null })
  })

  it('are tried again, later each time, and given up in the end', async () => {
    const order = await fault()
    await db.pool.query(
      "UPDATE notification SET state = 'dead' WHERE channel = 'email' AND id <> (SELECT min(id) FROM notification WHERE channel = 'email' AND order_id = $1)",
      [order.state.id],
    )
    mail.answer = '451 try later'
    let now = MONDAY
    for (let attempt = 1; attempt < 8; attempt++) {
      expect(await deliverNotifications(db.pool, config(), { now })).toEqual({ sent: 0, failed: 1, dead: 0 })
      const [row] = await emails(order)
      expect(row).toMatchObject({ state: 'failed', attempts: attempt, next_at: new Date(now + backoff(attempt)) })
      expect(row.error).toContain('451')
      expect(await deliverNotifications(db.pool, config(), { now: now + backoff(attempt) - 1 })).toMatchObject({ failed: 0 })
      now += backoff(attempt)
    }
    expect(await deliverNotifications(db.pool, config(), { now })).toEqual({ sent: 0, failed: 0, dead: 1 })
    expect((await emails(order))[0]).toMatchObject({ state: 'dead', attempts: 8 })
    expect([1, 2, 3, 20].map(backoff)).toEqual([30_000, 60_000, 120_000, 4 * 3_600_000])
  })

  it('are given up at once where nobody will ever take them', async () => {
    const order = await fault()
    mail.answer = '550 no such mailbox'
    const { dead } = await deliverNotifications(db.pool, config(), { now: MONDAY })
    expect(dead).toBe((await emails(order)).length)
    const other = await fault()
    await db.pool.query('UPDATE staff SET email = NULL WHERE id IN (SELECT staff_id FROM notification WHERE order_id = $1)', [
      other.state.id,
    ])
    await deliverNotifications(db.pool, config(), { now: MONDAY })
    const [row] = await emails(other)
    expect(row).toMatchObject({ state: 'dead' })
    expect(row.error).toMatch(/no e-mail address/)
    await db.pool.query("UPDATE staff SET email = login || '@paidan.example' WHERE email IS NULL")
  })

  it('that another relay has in hand are left to it', async () => {
    const order = await fault()
    const rest = (await emails(order)).length - 1
    const other = await db.pool.connect()
    try {
      await other.query('BEGIN')
      await other.query(
        "SELECT FROM notification WHERE id = (SELECT min(id) FROM notification WHERE order_id = $1 AND channel = 'email') FOR UPDATE",
        [order.state.id],
      )
      expect(await deliverNotifications(db.pool, config(), { now: MONDAY })).toEqual({ sent: rest, failed: 0, dead: 0 })
    } finally {
      await other.query('ROLLBACK')
      other.release()
    }
    expect((await deliverNotifications(db.pool, config(), { now: MONDAY })).sent).toBe(1)
  })

  it('come back when the relay that had them died', async () => {
    const order = await fault()
    const dying = deliverNotifications(db.pool, config(), {
      now: MONDAY,
      limit: 1,
      transport: { sendMail: () => new Promise(() => {}) } as never,
    })
    await expect.poll(async () => (await emails(order))[0].next_at.getTime()).toBe(MONDAY + 2 * MINUTE)
    const rest = (await emails(order)).length - 1
    expect((await deliverNotifications(db.pool, config(), { now: MONDAY + MINUTE })).sent).toBe(rest)
    expect((await deliverNotifications(db.pool, config(), { now: MONDAY + 2 * MINUTE })).sent).toBe(1)
    void dying
  })
})

describe('the outbox', () => {
  it('is heard by whoever listens, once', async () => {
    const heard: { topic: string; payload: { order: string } }[] = []
    const listener = new pg.Client({ connectionString: db.url })
    await listener.connect()
    listener.on('notification', ({ payload }) => heard.push(JSON.parse(payload!)))
    await listener.query(`LISTEN ${OUTBOX_CHANNEL}`)
    const order = await fault()
    await order.act('st-020', { type: 'withdraw', reason: 'x' }, { roles: ['supervisor'] })
    const published = await Promise.all([publishOutbox(db.pool, { now: MONDAY }), publishOutbox(db.pool, { now: MONDAY })])
    expect(published[0] + published[1]).toBe(2)
    await expect.poll(() => heard.length).toBe(2)
    expect(heard.map(({ topic, payload }) => `${topic} ${payload.order}`).sort()).toEqual([
      `order-closed ${order.state.id}`,
      `order-opened ${order.state.id}`,
    ])
    expect(await publishOutbox(db.pool, { now: MONDAY })).toBe(0)
    await listener.end()
  })
})

describe('resources that a command asked for', () => {
  const asked = async (order: Desk, until: Date | null, state = 'asked') => {
    const { rows } = await db.pool.query(
      `INSERT INTO resource_hold (id, resource_id, order_id, state, since, until)
       SELECT gen_random_uuid(), r.id, $1, $2, $3, $4 FROM resource r
        WHERE NOT EXISTS (SELECT FROM resource_hold h WHERE h.resource_id = r.id) ORDER BY r.id LIMIT 1 RETURNING id`,
      [order.state.id, state, new Date(MONDAY), until],
    )
    return rows[0].id as string
  }
  const states = async (...ids: string[]) =>
    (await db.pool.query('SELECT state, released_at FROM resource_hold WHERE id = ANY ($1) ORDER BY array_position($1, id)', [ids])).rows

  it('are freed once the command can no longer come, and nothing else is', async () => {
    const order = await fault()
    const holds = [
      await asked(order, new Date(MONDAY + MINUTE)),
      await asked(order, new Date(MONDAY + 2 * MINUTE)),
      await asked(order, null, 'reserved'),
    ]
    expect(await releaseExpired(db.pool, MONDAY + 2 * MINUTE)).toBe(1)
    const [first, ...others] = await states(...holds)
    expect(first).toEqual({ state: 'released', released_at: new Date(MONDAY + 2 * MINUTE) })
    expect(others.map(({ state }) => state)).toEqual(['asked', 'reserved'])
    expect(await releaseExpired(db.pool, MONDAY + 2 * MINUTE)).toBe(0)
  })

  it('are freed by the relay itself', async () => {
    const hold = await asked(await fault(), new Date(Date.now() - MINUTE))
    const relay = startRelay({ pool: db.pool, config: config(), logger: silent, intervalMs: 20 })
    await expect.poll(async () => (await states(hold))[0].state).toBe('released')
    await relay.stop()
  })
})

describe('the relay', () => {
  it('delivers by itself until it is stopped', async () => {
    const relay = startRelay({ pool: db.pool, config: config(), logger: silent, intervalMs: 20 })
    const order = await fault()
    await expect.poll(async () => (await emails(order)).every(({ state }) => state === 'sent'), { timeout: 10_000 }).toBe(true)
    await relay.stop()
    const later = await fault()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await emails(later)).every(({ state }) => state === 'pending')).toBe(true)
  })

  it('outlives a record that is away', async () => {
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, connectionTimeoutMillis: 200 })
    const errors: string[] = []
    const relay = startRelay({
      pool: nowhere,
      config: config(),
      logger: { ...silent, error: (_fields, message) => errors.push(message) },
      intervalMs: 5,
    })
    await expect.poll(() => errors.length).toBeGreaterThan(2)
    await relay.stop()
    await nowhere.end()
  })
})
