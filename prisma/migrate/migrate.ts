import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { readMigrations, type Migration } from './files.ts'

export interface MigrateOptions {
  log?: (line: string) => void
  /** Folder of migrations. Default: prisma/migrations. */
  folder?: string
}

interface Row {
  migration_name: string
  checksum: string
  finished_at: Date | null
  rolled_back_at: Date | null
}

// The advisory lock that Prisma's own engine takes, so that `prisma migrate deploy` and this never run at once.
const LOCK = 72_707_369

// Prisma's own table, as its engine creates it.
const TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`

/**
 * Applies the migrations that a database has not had yet. Processes that start at once wait for each other.
 *
 * Why not the engine's own `applyMigrations`: through the pg adapter it cuts a file at every semicolon, which breaks trigger
 * functions, and it leaves a file that failed, or was killed, half applied and every later start refused. Here a migration and
 * its row in Prisma's table are one transaction: applied or not, nothing in between. So a migration must not contain
 * statements that refuse transactions (CREATE INDEX CONCURRENTLY).
 *
 * @param url database to migrate; it must exist
 * @returns names of the migrations applied now
 * @throws Error that names the migration and says what to do; the database is then as before that migration
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const log = options.log ?? (() => {})
  const migrations = readMigrations(options.folder)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'paidan-migrate' })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK])
    if (!rows[0]?.locked) {
      log('waiting for another process that migrates this database')
      await client.query('SELECT pg_advisory_lock($1)', [LOCK])
    }
    await refuseForeign(client)
    await client.query(TABLE)
    const pending = await pendingMigrations(client, migrations, log)
    for (const migration of pending) {
      await apply(client, migration)
      log(`applied ${migration.name}`)
    }
    return { applied: pending.map(({ name }) => name) }
  } finally {
    // Ends the session, and with it the lock.
    await client.end()
  }
}

/** A database with tables but no history belongs to something else (Prisma's P3005). */
async function refuseForeign(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ tables: number; history: boolean; name: string }>(`
    SELECT (SELECT count(*)::int FROM pg_tables WHERE schemaname = current_schema()) AS tables,
           to_regclass('_prisma_migrations') IS NOT NULL AS history,
           current_database() AS name`)
  const found = rows[0]
  if (found && !found.history && found.tables > 0) {
    throw new Error(
      `The database "${found.name}" has ${found.tables} tables but no migration history: it is not Paidan's. Set DATABASE_URL to an empty database.`,
    )
  }
}

async function pendingMigrations(client: pg.Client, migrations: readonly Migration[], log: (line: string) => void): Promise<Migration[]> {
  const { rows } = await client.query<Row>(
    'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
  )
  const failed = rows.find((row) => row.finished_at === null)
  if (failed) {
    throw new Error(
      `The migration ${failed.migration_name} was begun by another program and never finished. Put the database right, then set rolled_back_at (to run it again) or finished_at (to count it as applied) in its row of _prisma_migrations.`,
    )
  }
  const done = new Map(rows.map((row) => [row.migration_name, row.checksum]))
  for (const { name, checksum } of migrations) {
    const before = done.get(name)
    if (before !== undefined && before !== checksum) {
      throw new Error(
        `The migration ${name} was changed after this database had it. Restore the file, and write the change as a new one: npm run db:diff -- <name>`,
      )
    }
  }
  const known = new Set(migrations.map(({ name }) => name))
  const ahead = [...done.keys()].filter((name) => !known.has(name))
  if (ahead.length > 0) log(`the database is ahead of this version: ${ahead.join(', ')}`)
  return migrations.filter(({ name }) => !done.has(name))
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const started = new Date()
  try {
    await client.query('BEGIN')
    // Without parameters this is one simple query: the server itself takes the statements apart.
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES ($1, $2, clock_timestamp(), $3, $4, 1)`,
      [randomUUID(), migration.checksum, migration.name, started],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw new Error(`The migration ${migration.name} failed and changed nothing: ${(error as Error).message}${place(error, migration.sql)}`)
  }
}

function place(error: unknown, sql: string): string {
  const position = Number((error as { position?: string }).position)
  return Number.isInteger(position) ? ` (line ${sql.slice(0, position).split('\n').length} of its migration.sql)` : ''
}
