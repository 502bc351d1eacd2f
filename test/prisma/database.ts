/** An empty record: a database of its own with the migrations applied, and nothing in it. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { migrate } from '../../prisma/migrate/migrate.ts'

export interface Database {
  pool: pg.Pool
  stop(): Promise<void>
}

export async function freshDatabase(): Promise<Database> {
  const name = `record_${randomBytes(6).toString('hex')}`
  const admin = new pg.Pool({ connectionString: inject('databaseUrl'), max: 1 })
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(inject('databaseUrl'))
  url.pathname = `/${name}`
  await migrate(url.href)
  const pool = new pg.Pool({ connectionString: url.href })
  // a pool has ended before its connections have: the server may still say goodbye to one
  pool.on('error', () => {})
  return {
    pool,
    async stop() {
      await pool.end()
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}
