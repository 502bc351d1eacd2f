/** The day's anchor goes out of the record: into a file, and to whoever keeps it where we can't reach. */
import { createHmac } from 'node:crypto'
import type pg from 'pg'
import type { Logger } from '../../activities/index.ts'
import { type AnchorToDeliver, makeAnchor, markAnchor, takeAnchors, writeAnchorFile } from '../../prisma/verification/anchors.ts'

export interface AnchorDeps {
  pool: pg.Pool
  logger: Logger
  /** Folder of the files; best one that the database's machine can't write to. */
  folder: string
  /** Told of every anchor, once it is accepted; with the secret, signed. */
  webhook?: { url: string; secret?: string }
}

const LEASE_MS = 60_000
const TIMEOUT_MS = 10_000
const FIRST_RETRY_MS = 10_000
const LONGEST_RETRY_MS = 3_600_000

/** Makes the day's anchor where there is none yet, and delivers what has not gone out. Safe to repeat. Answers how many went out. */
export async function anchorDue({ pool, logger, folder, webhook }: AnchorDeps, now = new Date()): Promise<number> {
  const made = await makeAnchor(pool, now)
  if (made) logger.info({ ...made }, 'anchored')
  const due = await takeAnchors(pool, { posting: webhook !== undefined, now, leaseMs: LEASE_MS })
  for (const anchor of due) {
    let { written, posted } = anchor
    let error: string | undefined
    try {
      if (!written) await writeAnchorFile(pool, folder, anchor)
      written = true
      if (webhook && !posted) await post(webhook, anchor)
      posted = webhook !== undefined
    } catch (failure) {
      error =
        failure instanceof Error
          ? `${failure.message}${failure.cause instanceof Error ? `: ${failure.cause.message}` : ''}`
          : String(failure)
      logger.error({ anchor: anchor.n, attempts: anchor.attempts + 1 }, `an anchor did not go out: ${error}`)
    }
    const wait = error === undefined ? 0 : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(anchor.attempts, 20))
    await markAnchor(pool, anchor.n, {
      written,
      posted,
      ...(error !== undefined && { error }),
      nextAt: new Date(now.getTime() + wait),
      now,
    })
  }
  return due.length
}

async function post(
  { url, secret }: NonNullable<AnchorDeps['webhook']>,
  { n, day, at, previous, root, orders }: AnchorToDeliver,
): Promise<void> {
  const body = JSON.stringify({ n, day, at, previous, root, orders })
  const signature: Record<string, string> =
    secret === undefined ? {} : { 'paidan-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `anchor-${n}`, ...signature },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`the webhook answered ${response.status}`)
}
