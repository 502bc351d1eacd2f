/**
 * Anchors: one root a day over the heads of all chains that have moved since the last, chained itself. Once it lies outside the record,
 * nobody can write a history anew, hashes and all, without its showing.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'

type Db = Pick<pg.Pool, 'query'>

export interface Anchor {
  n: number
  /** As 2026-11-28, in UTC. */
  day: string
  at: string
  previous: string
  root: string
  /** Lines. */
  orders: number
}

/** Head of one chain; `archive`: digest over the hashes of its archived runs, once it has any. */
export interface AnchorLine {
  order: string
  seq: number
  hash: string
  archive: string | null
}

/** Any number; all workers take the same. */
const LOCK = 4_711_006
const PAGE = 5_000

const archiveDigest = (order: string) =>
  `(SELECT encode(sha256(convert_to(string_agg(h.run_no || ' ' || h.sha256, E'\\n' ORDER BY h.run_no), 'UTF8')), 'hex')
      FROM history_archive h WHERE h.order_id = ${order})`

const text = ({ order, seq, hash, archive }: AnchorLine): string => `${order} ${seq} ${hash} ${archive ?? '-'}\n`

/** SHA-256 over the root before and the lines, in the order of their ids. */
export function rootHash(previous: string) {
  const hash = createHash('sha256').update(`${previous}\n`)
  return { add: (line: AnchorLine) => void hash.update(text(line)), root: () => hash.digest('hex') }
}

/** Lines of an anchor, in the order of their ids. */
export async function* anchorLines(db: Db, n: number): AsyncGenerator<AnchorLine> {
  for (let last = ''; ; ) {
    const { rows } = await db.query<AnchorLine>(
      `SELECT order_id AS "order", seq, hash, archive FROM anchor_line WHERE n = $1 AND order_id COLLATE "C" > $2
        ORDER BY order_id COLLATE "C" LIMIT $3`,
      [n, last, PAGE],
    )
    yield* rows
    if (rows.length < PAGE) return
    last = rows.at(-1)!.order
  }
}

/** Makes the anchor of a day, unless there is one. The lines are what stands at this moment, in one statement. */
export async function makeAnchor(pool: pg.Pool, now: Date): Promise<Anchor | undefined> {
  const day = now.toISOString().slice(0, 10)
  const known = (db: Db) => db.query('SELECT 1 FROM anchor WHERE day = $1', [day])
  if ((await known(pool)).rows.length > 0) return undefined
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    const made = (await known(client)).rows.length > 0 ? undefined : await write(client, day, now)
    await client.query('COMMIT')
    return made
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

async function write(client: pg.PoolClient, day: string, now: Date): Promise<Anchor> {
  const { rows } = await client.query<{ n: number; root: string }>('SELECT n, root FROM anchor ORDER BY n DESC LIMIT 1')
  const n = (rows[0]?.n ?? 0) + 1
  const previous = rows[0]?.root ?? ''
  await client.query(`INSERT INTO anchor (n, day, at, previous, root, orders, next_at) VALUES ($1, $2, $3, $4, '', 0, $3)`, [
    ...[n, day, now, previous],
  ])
  await client.query(
    `INSERT INTO anchor_line (n, order_id, seq, hash, archive)
     SELECT $1, o.id, o.seq, o.hash, CASE WHEN s.state = 'done' THEN ${archiveDigest('o.id')} END
       FROM orders o
       LEFT JOIN archive_state s ON s.order_id = o.id
       LEFT JOIN LATERAL (SELECT l.seq, l.archive FROM anchor_line l WHERE l.order_id = o.id ORDER BY l.n DESC LIMIT 1) l ON true
      WHERE l.seq IS DISTINCT FROM o.seq OR (l.archive IS NULL AND s.state = 'done')`,
    [n],
  )
  const hash = rootHash(previous)
  let orders = 0
  for await (const line of anchorLines(client, n)) {
    hash.add(line)
    orders++
  }
  const root = hash.root()
  await client.query('UPDATE anchor SET root = $2, orders = $3 WHERE n = $1', [n, root, orders])
  return { n, day, at: now.toISOString(), previous, root, orders }
}

export interface AnchorToDeliver extends Anchor {
  attempts: number
  written: boolean
  posted: boolean
}

/** Anchors whose file or message is still to go out; taken for as long as the lease. */
export async function takeAnchors(
  db: Db,
  { posting, now, leaseMs }: { posting: boolean; now: Date; leaseMs: number },
): Promise<AnchorToDeliver[]> {
  const { rows } = await db.query<Omit<AnchorToDeliver, 'at'> & { at: Date }>(
    `UPDATE anchor a SET next_at = $3 FROM (
       SELECT n FROM anchor WHERE (written_at IS NULL OR (posted_at IS NULL AND $2)) AND next_at <= $1 ORDER BY n LIMIT 10 FOR UPDATE SKIP LOCKED) due
      WHERE a.n = due.n
      RETURNING a.n, a.day::text, a.at, a.previous, a.root, a.orders, a.attempts, a.written_at IS NOT NULL AS written, a.posted_at IS NOT NULL AS posted`,
    [now, posting, new Date(now.getTime() + leaseMs)],
  )
  return rows.map((row) => ({ ...row, at: row.at.toISOString() })).sort((a, b) => a.n - b.n)
}

export async function markAnchor(
  db: Db,
  n: number,
  { written, posted, error, nextAt, now }: { written: boolean; posted: boolean; error?: string; nextAt: Date; now: Date },
): Promise<void> {
  await db.query(
    `UPDATE anchor SET written_at = CASE WHEN $2 THEN coalesce(written_at, $6) END, posted_at = CASE WHEN $3 THEN coalesce(posted_at, $6) END,
       attempts = attempts + 1, error = $4, next_at = $5 WHERE n = $1`,
    [n, written, posted, error?.slice(0, 500) ?? null, nextAt, now],
  )
}

const NAME = /^anchor-(\d{6})-(\d{4}-\d{2}-\d{2})\.txt$/

/** Writes the file of an anchor, whole or not at all; the same again where it is there already. */
export async function writeAnchorFile(db: Db, folder: string, { n, day, at, previous, root, orders }: Anchor): Promise<void> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `anchor-${String(n).padStart(6, '0')}-${day}.txt`)
  const file = await open(`${path}.part`, 'w', 0o644)
  try {
    await file.write(`anchor ${n}\nday ${day}\nat ${at}\nprevious ${previous || '-'}\nroot ${root}\norders ${orders}\n\n`)
    let page = ''
    for await (const line of anchorLines(db, n)) {
      page += text(line)
      if (page.length < 1 << 16) continue
      await file.write(page)
      page = ''
    }
    await file.write(page)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.part`, path)
}

/** What is wrong with an anchor, or with the record by an anchor; `order` where it is one order's. */
export interface AnchorFault {
  anchor: number
  order?: string
  told: string
  kept: string
}

export interface AnchorsChecked {
  anchors: number
  lines: number
  faults: AnchorFault[]
}

/** Holds the record against the files of a folder: each file's own root, their chain, and every head that they name. */
export async function checkAnchors(db: Db, folder: string): Promise<AnchorsChecked> {
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort()
  const found: AnchorsChecked = { anchors: 0, lines: 0, faults: [] }
  let before: { n: number; root: string } | undefined
  for (const name of names) {
    const { anchor, lines } = parse(await readFile(join(folder, name), 'utf8'))
    const { n } = anchor
    const fault = (told: string, kept: string, order?: string) => found.faults.push({ anchor: n, told, kept, ...(order && { order }) })
    if (before && n !== before.n + 1) fault(`a file of anchor ${before.n + 1}`, 'none')
    else if (anchor.previous !== (before?.root ?? (n === 1 ? '' : anchor.previous)))
      fault(`previous ${before?.root ?? 'none'}`, anchor.previous)
    const hash = rootHash(anchor.previous)
    for (const line of lines) hash.add(line)
    const root = hash.root()
    if (root !== anchor.root) fault(`root ${anchor.root}`, `the lines of its file hash to ${root}`)
    const { rows } = await db.query<{ root: string }>('SELECT root FROM anchor WHERE n = $1', [n])
    if (rows[0]?.root !== anchor.root) fault(`root ${anchor.root}`, rows[0] ? `root ${rows[0].root}` : 'no such anchor')
    for (let i = 0; i < lines.length; i += PAGE)
      for (const one of await unequal(db, lines.slice(i, i + PAGE))) fault(one.told, one.kept, one.order)
    found.anchors++
    found.lines += lines.length
    before = { n, root: anchor.root }
  }
  const { rows } = await db.query<{ n: number | null }>('SELECT max(n)::int AS n FROM anchor WHERE written_at IS NOT NULL')
  const last = rows[0]?.n ?? 0
  if (last > (before?.n ?? 0)) found.faults.push({ anchor: last, told: `a file of anchor ${last}`, kept: 'none' })
  return found
}

async function unequal(db: Db, lines: readonly AnchorLine[]): Promise<{ order: string; told: string; kept: string }[]> {
  const { rows } = await db.query<{ order: string; hash: string | null; archive: string | null }>(
    `SELECT l.order_id AS "order", e.hash, CASE WHEN l.archived THEN ${archiveDigest('l.order_id')} END AS archive
       FROM unnest($1::text[], $2::int[], $3::bool[]) WITH ORDINALITY AS l (order_id, seq, archived, i)
       LEFT JOIN order_event e ON e.order_id = l.order_id AND e.seq = l.seq ORDER BY l.i`,
    [lines.map(({ order }) => order), lines.map(({ seq }) => seq), lines.map(({ archive }) => archive !== null)],
  )
  return lines.flatMap(({ order, seq, hash, archive }, i) => {
    const kept = rows[i]!
    if (kept.hash !== hash)
      return [{ order, told: `event ${seq} hashed to ${hash}`, kept: kept.hash ? `it hashes to ${kept.hash}` : 'there is none' }]
    if (kept.archive !== archive) return [{ order, told: `its archive hashed to ${archive}`, kept: kept.archive ?? 'there is none' }]
    return []
  })
}

/** @throws Error where the file is none */
function parse(content: string): { anchor: Anchor; lines: AnchorLine[] } {
  const [head = '', body = ''] = content.split('\n\n', 2)
  const fields = Object.fromEntries(head.split('\n').map((line) => line.split(/ (.*)/s).slice(0, 2) as [string, string]))
  const lines = body.split('\n').flatMap((line) => {
    const [order, seq, hash, archive] = line.split(' ')
    return order && hash ? [{ order, seq: Number(seq), hash, archive: archive === '-' ? null : archive! }] : []
  })
  const { anchor: n, day = '', at = '', previous = '', root = '', orders } = fields
  if (!n || !root) throw new Error('a file in the folder of anchors is none')
  return { anchor: { n: Number(n), day, at, previous: previous === '-' ? '' : previous, root, orders: Number(orders) }, lines }
}
