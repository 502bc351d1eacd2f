import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { createPrisma } from '../../prisma/client.ts'

export interface TestDatabase {
  url: string
  pool: pg.Pool
  prisma: ReturnType<typeof createPrisma>
  /** Closes the connections and removes the database. Call it in afterAll. */
  drop(): Promise<void>
}

/**
 * A database of its own with all migrations and the demo data: a clone of the template, some 50 ms. One for each test file.
 *
 * @throws Error when the file does not belong to the project `servers` (vitest.config.ts)
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const base = inject('databaseUrl')
  if (!base) throw new Error('No test server here: name this file *.servers.test.ts, or see vitest.config.ts for the folders with servers.')
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(base, `CREATE DATABASE ${name} TEMPLATE ${inject('databaseTemplate')}`)
  const target = new URL(base)
  target.pathname = `/${name}`
  const url = target.href
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  // The server ends what is still connected when the database is dropped.
  pool.on('error', () => {})
  const prisma = createPrisma(url)
  const drop = async () => {
    await Promise.all([prisma.$disconnect(), pool.end()])
    await administer(base, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
  return { url, pool, prisma, drop }
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
