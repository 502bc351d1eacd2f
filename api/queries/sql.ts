/** Raw SQL as Prisma's tagged templates, run on the pool: values are always parameters, fragments compose. */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { Prisma } from '../../prisma/generated/client.ts'

export type Sql = Prisma.Sql
export type Db = pg.Pool | pg.PoolClient

export const { sql, join, empty, raw } = Prisma

/** Runs a query and answers its rows. */
export async function rows<T>(db: Db, query: Sql): Promise<T[]> {
  const { rows: found } = await db.query({ text: query.text, values: query.values })
  return found as T[]
}

/** As `rows`, for what every request asks: each connection plans such a text once. */
export async function hotRows<T>(db: Db, query: Sql): Promise<T[]> {
  const { text, values } = query
  const { rows: found } = await db.query({ name: createHash('md5').update(text).digest('hex'), text, values })
  return found as T[]
}

/** All conditions; none: true. */
export const all = (conditions: readonly (Sql | false | undefined)[]): Sql => {
  const given = conditions.filter((condition): condition is Sql => Boolean(condition))
  return given.length > 0 ? join(given, ' AND ') : sql`TRUE`
}

/** `column` is this region or lies below it. A range of the index, since region paths compare byte by byte. */
export const below = (column: Sql, region: string): Sql =>
  sql`(${column} = ${region} OR (${column} >= ${`${region}/`} AND ${column} < ${`${region}0`}))`

/** `column` is one of the values. A single one is compared alone: then an index on column and order still gives the order. */
export const oneOf = (column: Sql, values: readonly string[]): Sql =>
  values.length === 1 ? sql`${column} = ${values[0]}` : sql`${column} = ANY (${values})`

/** Part of a text, without the pattern's own meaning of % and _. */
export const contains = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** Runs `work` in one transaction. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>, begin = 'BEGIN'): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: Error) => {
      broken = failed
    })
    throw error
  } finally {
    client.release(broken)
  }
}
