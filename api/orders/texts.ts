/**
 * Long texts live in the record, and events carry their digest: histories stay short, and what a text said can't change.
 * A text is stored before the command that names it; one whose command was refused is named by nobody.
 */
import type pg from 'pg'
import { digest } from '../../domain/order/hash.ts'
import { rows, sql } from '../queries/sql.ts'

/** Characters above which a text is kept apart. */
export const SHORT_TEXT = 400

const REFERENCE = /^digest:[0-9a-f]{64}$/

/** Collects long texts, and gives what stands for them. */
export class Texts {
  private readonly kept = new Map<string, string>()

  /** The text itself, or its digest when it is long. One that looks like a digest is kept apart too, so that it is read back as written. */
  shorten(text: string): string {
    if (text.length <= SHORT_TEXT && !REFERENCE.test(text)) return text
    const hash = digest(text)
    this.kept.set(hash, text)
    return `digest:${hash}`
  }

  /** True when something has been kept apart. */
  get any(): boolean {
    return this.kept.size > 0
  }

  /** Writes them down. Repeating it changes nothing. */
  async store(pool: pg.Pool, now: Date): Promise<void> {
    if (!this.any) return
    await rows(
      pool,
      sql`INSERT INTO order_text (digest, body, created_at)
          SELECT d, b, ${now} FROM unnest(${[...this.kept.keys()]}::text[], ${[...this.kept.values()]}::text[]) AS t (d, b)
          ON CONFLICT (digest) DO UPDATE SET stored_at = excluded.created_at`,
    )
  }
}

/** The value with every digest replaced by its text, at any depth. Where there is none, the text is as it stands. */
export async function resolveTexts<T>(pool: pg.Pool | pg.PoolClient, value: T): Promise<T> {
  const wanted = new Set<string>()
  walk(value, (text) => {
    if (REFERENCE.test(text)) wanted.add(text.slice('digest:'.length))
    return text
  })
  if (wanted.size === 0) return value
  const found = await rows<{ digest: string; body: string }>(
    pool,
    sql`SELECT digest, body FROM order_text WHERE digest = ANY (${[...wanted]})`,
  )
  const bodies = new Map(found.map(({ digest: hash, body }) => [`digest:${hash}`, body]))
  return walk(value, (text) => bodies.get(text) ?? text) as T
}

function walk(value: unknown, text: (text: string) => string): unknown {
  if (typeof value === 'string') return text(value)
  if (Array.isArray(value)) return value.map((item) => walk(item, text))
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, text)]))
}
