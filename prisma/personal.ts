/**
 * Personal fields, and their erasure. A field that the specifications call `personal` is sealed with a key of the customer before it
 * enters a command: events, the engine's histories, archives and backups of them hold ciphertext, and deleting the key erases it in all
 * of them at once, while every chain stays as it was.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { ERASED, isSealed, keyOfSealed } from '../domain/order/sealed.ts'
import { logAdmin } from './admin-log.ts'

type Db = pg.Pool | pg.ClientBase

export interface PersonalKey {
  id: number
  customer: string
  key: Buffer
}

const CIPHER = 'aes-256-gcm'
const NONCE = 12
const TAG = 16

const part = ({ key }: PersonalKey, use: string, text = ''): Buffer => createHmac('sha256', key).update(`${use}\n${text}`).digest()

/**
 * Seals a text. The nonce follows from the text, so that the same text under the same key is the same value: a repeated command is the
 * same command, and two fields can be compared.
 */
export function seal(key: PersonalKey, text: string): string {
  const nonce = part(key, 'nonce', text).subarray(0, NONCE)
  const cipher = createCipheriv(CIPHER, part(key, 'cipher'), nonce).setAAD(Buffer.from(key.customer))
  const content = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `sealed:${key.id}:${content.toString('base64url')}`
}

/** Opens what {@link seal} has made with this key; anything else: undefined. */
export function unseal(key: PersonalKey, sealed: string): string | undefined {
  const content = Buffer.from(sealed.split(':')[2] ?? '', 'base64url')
  try {
    const cipher = createDecipheriv(CIPHER, part(key, 'cipher'), content.subarray(0, NONCE)).setAAD(Buffer.from(key.customer))
    cipher.setAuthTag(content.subarray(-TAG))
    return cipher.update(content.subarray(NONCE, -TAG), undefined, 'utf8') + cipher.final('utf8')
  } catch {
    return undefined
  }
}

/** The customer's living key; made where there is none, also after an erasure. */
export async function keyFor(db: Db, customer: string, now: Date): Promise<PersonalKey> {
  for (;;) {
    const { rows } = await db.query<{ id: number; key: Buffer }>(
      'SELECT id, key FROM personal_key WHERE customer_id = $1 AND key IS NOT NULL',
      [customer],
    )
    if (rows[0]) return { ...rows[0], customer }
    // Two at once: one is made, and both take it.
    await db.query('INSERT INTO personal_key (customer_id, key, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      customer,
      randomBytes(32),
      now,
    ])
  }
}

/** The value with every sealed text opened, at any depth; one whose key is gone says so. What only looks sealed stays as it is. */
export async function unsealAll<T>(db: Db, value: T): Promise<T> {
  const wanted = new Set<number>()
  walk(value, (text) => {
    wanted.add(keyOfSealed(text))
    return text
  })
  if (wanted.size === 0) return value
  const { rows } = await db.query<{ id: number; customer: string; key: Buffer | null }>(
    'SELECT id, customer_id AS customer, key FROM personal_key WHERE id = ANY ($1)',
    [[...wanted]],
  )
  const keys = new Map(rows.map((row) => [row.id, row]))
  return walk(value, (text) => {
    const found = keys.get(keyOfSealed(text))
    if (!found) return text
    return found.key ? (unseal({ ...found, key: found.key }, text) ?? text) : ERASED
  }) as T
}

function walk(value: unknown, open: (sealed: string) => string): unknown {
  if (typeof value === 'string') return isSealed(value) ? open(value) : value
  if (Array.isArray(value)) return value.map((item) => walk(item, open))
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, open)]))
}

export interface Erasure {
  /** Keys destroyed now; none where nothing personal was sealed, or all was erased before. */
  keys: number
  /** Contacts emptied now. */
  contacts: number
  /** Open orders that go on without what was erased. */
  openOrders: number
}

/**
 * Erases a customer's personal data, in the caller's transaction, and says so in the log of administration. Safe to repeat.
 * @returns undefined where there is no such customer
 */
export async function erasePersonal(
  client: pg.ClientBase,
  { customer, actor, reason, at }: { customer: string; actor: string; reason: string; at: Date },
): Promise<Erasure | undefined> {
  const { rowCount: known } = await client.query('SELECT FROM customer WHERE id = $1 FOR UPDATE', [customer])
  if (!known) return undefined
  const keys = await client.query('UPDATE personal_key SET key = NULL, erased_at = $2 WHERE customer_id = $1 AND key IS NOT NULL', [
    customer,
    at,
  ])
  const contacts = await client.query(
    `UPDATE contact SET name_zh = $2, name_en = $2, phone = NULL, email = NULL
      WHERE customer_id = $1 AND (name_zh, name_en, coalesce(phone, ''), coalesce(email, '')) IS DISTINCT FROM ($2, $2, '', '')`,
    [customer, ERASED],
  )
  await client.query('UPDATE customer SET phone = NULL, address = NULL WHERE id = $1', [customer])
  const open = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM orders WHERE customer_id = $1 AND status <> 'closed'`, [
    customer,
  ])
  const done = { keys: keys.rowCount ?? 0, contacts: contacts.rowCount ?? 0, openOrders: open.rows[0]!.n }
  await logAdmin(client, { actor, action: 'personal-data-erased', subject: customer, detail: { reason, ...done }, at })
  return done
}
