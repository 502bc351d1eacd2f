/** Delivers what moves have written: e-mails, and what the outside hears of. At least once; the state of each delivery is kept. */
import { createTransport, type Transporter } from 'nodemailer'
import type pg from 'pg'
import type { Fact } from '../domain/order/spec.ts'
import type { Logger } from './index.ts'
import { bodyOf } from './projections/projection.ts'
import { prune } from './prune.ts'
import { type Rounds, startRounds } from './rounds.ts'
import { bankRound, fileBank, type Tell } from './settlement/bank.ts'
import { renderEmail } from './templates.ts'

/** What of the configuration the relay reads. */
export interface RelayConfig {
  SMTP_URL?: string
  SMTP_FROM: string
  PUBLIC_URL?: string
  /** Folder that the bank shares; without it payouts wait. */
  BANK_DIR?: string
}

export interface RelayOptions {
  /** Messages of one round. */
  limit?: number
  /** Instant by which retries are due; epoch ms. */
  now?: number
  transport?: Pick<Transporter, 'sendMail'>
}

/** After these many attempts a message is dead: an operator looks at it. With the backoff below that is some nine hours. */
const MOST_ATTEMPTS = 8
const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 4 * 3_600_000
/** While a message is being sent it is hidden from other relays for so long; a relay that dies gives it back by that. */
const LEASE_MS = 120_000

/** Channel on which the outside can listen (LISTEN) to what the outbox says. */
export const OUTBOX_CHANNEL = 'paidan_outbox'

export interface Delivered {
  sent: number
  failed: number
  dead: number
}

interface Pending {
  id: string
  order_id: string
  template: string
  recipient_kind: string
  data: Record<string, Fact>
  attempts: number
  address: string | null
  lang: 'zh' | 'en' | null
}

const transports = new Map<string, Transporter>()

function transportOf(url: string): Transporter {
  let transport = transports.get(url)
  if (!transport) {
    transport = createTransport(url)
    transports.set(url, transport)
  }
  return transport
}

/** Wait before attempt n + 1, in ms: half a minute, doubled each time, four hours at most. */
export const backoff = (attempts: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1))

/**
 * Sends e-mails that are due. Without a mail server there is nothing to do: the application's own inbox needs no delivery.
 * Several relays share the work; each message is taken by one of them.
 */
export async function deliverNotifications(pool: pg.Pool, config: RelayConfig, options: RelayOptions = {}): Promise<Delivered> {
  const done: Delivered = { sent: 0, failed: 0, dead: 0 }
  const transport = options.transport ?? (config.SMTP_URL ? transportOf(config.SMTP_URL) : undefined)
  if (!transport) return done
  const { limit = 20, now = Date.now() } = options
  for (const message of await lease(pool, limit, now)) {
    const outcome = await send(transport, message, config)
    const attempts = message.attempts + 1
    const dead = outcome.permanent || attempts >= MOST_ATTEMPTS
    const state = outcome.error === undefined ? 'sent' : dead ? 'dead' : 'failed'
    done[state]++
    await pool.query(
      `UPDATE notification SET state = $2, attempts = $3, error = $4, next_at = $5, sent_at = CASE WHEN $2 = 'sent' THEN $6::timestamptz ELSE sent_at END WHERE id = $1`,
      [message.id, state, attempts, outcome.error ?? null, new Date(now + backoff(attempts)), new Date(now)],
    )
  }
  return done
}

/** Takes messages for a while, so that no connection is held while a mail server thinks. */
async function lease(pool: pg.Pool, limit: number, now: number): Promise<Pending[]> {
  const { rows } = await pool.query<Pending>(
    `WITH due AS (
       SELECT id FROM notification WHERE state IN ('pending', 'failed') AND channel = 'email' AND next_at <= $1
       ORDER BY next_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
     ), taken AS (
       UPDATE notification n SET next_at = $3 FROM due WHERE n.id = due.id RETURNING n.*
     )
     SELECT t.id, t.order_id, t.template, t.recipient_kind, t.attempts,
       CASE WHEN t.data ? 'text' THEN t.data || jsonb_build_object('text', ${bodyOf("t.data ->> 'text'")}) ELSE t.data END AS data,
       coalesce(s.email, c.email) AS address, coalesce(s.lang, c.lang) AS lang
     FROM taken t LEFT JOIN staff s ON s.id = t.staff_id LEFT JOIN contact c ON c.id = t.contact_id ORDER BY t.id`,
    [new Date(now), limit, new Date(now + LEASE_MS)],
  )
  return rows
}

async function send(
  transport: Pick<Transporter, 'sendMail'>,
  message: Pending,
  config: RelayConfig,
): Promise<{ error?: string; permanent: boolean }> {
  if (!message.address) return { error: 'no e-mail address: add one to the person or contact', permanent: true }
  const { template, data, order_id: order } = message
  const mail = renderEmail(
    { template, order, data, customer: message.recipient_kind === 'customer' },
    message.lang ?? 'zh',
    config.PUBLIC_URL,
  )
  try {
    // The id lets a mail server that got the same message twice, after a crash between sending and noting it, see that it is the same.
    await transport.sendMail({ from: config.SMTP_FROM, to: message.address, ...mail, messageId: `<notification-${message.id}@paidan>` })
    return { permanent: false }
  } catch (error) {
    const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0
    // 5xx: the server will not take it, today or tomorrow.
    return { error: (error instanceof Error ? error.message : String(error)).slice(0, 500), permanent: code >= 500 && code < 600 }
  }
}

/**
 * Publishes what orders want told to the outside on the channel {@link OUTBOX_CHANNEL}, oldest first, and marks it as sent in the
 * same transaction: who listens hears exactly what is marked.
 * @returns how many
 */
export async function publishOutbox(
  pool: pg.Pool,
  { limit = 200, now = Date.now() }: { limit?: number; now?: number } = {},
): Promise<number> {
  const { rows } = await pool.query<{ published: number }>(
    `WITH due AS (
       SELECT id, topic, payload FROM outbox WHERE state IN ('pending', 'failed') AND next_at <= $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
     ), told AS (
       SELECT id, pg_notify('${OUTBOX_CHANNEL}', jsonb_build_object('id', id, 'topic', topic, 'payload', payload)::text) FROM (SELECT * FROM due ORDER BY id) d
     ), marked AS (
       UPDATE outbox SET state = 'sent', sent_at = $1, attempts = attempts + 1 FROM told WHERE outbox.id = told.id RETURNING 1
     )
     SELECT count(*)::int AS published FROM marked`,
    [new Date(now), limit],
  )
  return rows[0]?.published ?? 0
}

/** How often holds that nobody confirmed are swept up, in ms. A new one releases what is in its way itself. */
const SWEEP_MS = 60_000
/** How often sessions, keys and texts are pruned. */
const PRUNE_MS = 6 * 3_600_000

/**
 * Frees resources that were asked for by a command whose answer never came. Those that somebody is writing just now are left for the next
 * time. Answers how many.
 */
export async function releaseExpired(pool: pg.Pool, now = Date.now()): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE resource_hold SET state = 'released', released_at = $1 WHERE id IN (
       SELECT id FROM resource_hold WHERE state = 'asked' AND until < $1 ORDER BY until LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
    [new Date(now)],
  )
  return rowCount ?? 0
}

/** Delivers until stopped. `stop` waits for the round that is under way. */
export function startRelay({
  pool,
  config,
  logger,
  tell,
  intervalMs = 2_000,
}: {
  pool: pg.Pool
  config: RelayConfig
  logger: Logger
  /** Reaches running orders; without it nothing is exchanged with the bank. */
  tell?: Tell
  intervalMs?: number
}): Rounds {
  let swept = 0
  let pruned = performance.now() + SWEEP_MS
  const sweep = async () => {
    if (performance.now() < swept) return
    swept = performance.now() + SWEEP_MS
    const released = await releaseExpired(pool)
    if (released > 0) logger.info({ released }, 'freed resources whose command was lost')
    if (performance.now() < pruned) return
    pruned = performance.now() + PRUNE_MS
    const gone = await prune(pool)
    if (Object.values(gone).some((n) => n > 0)) logger.info({ ...gone }, 'pruned what nobody needs any more')
  }
  const bank = config.BANK_DIR === undefined || !tell ? undefined : { files: fileBank(config.BANK_DIR), tell }
  const round = async () => {
    try {
      await sweep()
      const { sent, answered, told } = bank ? await bankRound(pool, bank.files, bank.tell, Date.now()) : { sent: 0, answered: 0, told: 0 }
      if (sent + answered + told > 0) logger.info({ sent, answered, told }, 'payouts handed to the bank, answers taken, orders told')
      const delivered = await deliverNotifications(pool, config)
      const published = await publishOutbox(pool)
      if (delivered.failed + delivered.dead > 0) logger.warn({ ...delivered }, 'some e-mails could not be delivered')
      return delivered.sent + published > 0
    } catch (error) {
      logger.error({ err: error }, 'the relay could not reach the record; trying again')
      return false
    }
  }
  return startRounds(round, intervalMs)
}
