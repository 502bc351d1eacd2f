import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { migrate, pendingDiff, schemaDrift, writeMigration } from '../../../prisma/migrate/index.ts'
import { readMigrations } from '../../../prisma/migrate/files.ts'

/** An empty database, and a way to ask it. */
async function database(): Promise<{ url: string; query: (sql: string) => Promise<Record<string, unknown>[]> }> {
  const name = `migrate_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: inject('databaseUrl') })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  const target = new URL(inject('databaseUrl'))
  target.pathname = `/${name}`
  const client = new pg.Client({ connectionString: target.href })
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  })
  return { url: target.href, query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows }
}

/** A folder of migrations. */
function folder(migrations: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'paidan-migrations-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  writeFileSync(join(path, 'migration_lock.toml'), 'provider = "postgresql"\n')
  for (const [name, sql] of Object.entries(migrations)) {
    mkdirSync(join(path, name))
    writeFileSync(join(path, name, 'migration.sql'), sql)
  }
  return path
}

// Semicolons in a body, in a text and in a comment: nobody but the server may take the file apart.
const WITH_BODY = `
  CREATE TABLE a (id int);
  CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no; never'; END $$; -- one; two
  CREATE TRIGGER no BEFORE DELETE ON a FOR EACH ROW EXECUTE FUNCTION no();`

describe('migrate', () => {
  it('applies all of them once, in the order of their names', async () => {
    const { url, query } = await database()
    const first = folder({ '20260102_b': 'CREATE TABLE b AS SELECT * FROM a', '20260101_a': WITH_BODY })
    const lines: string[] = []
    expect(await migrate(url, { folder: first, log: (line) => lines.push(line) })).toEqual({ applied: ['20260101_a', '20260102_b'] })
    expect(lines).toEqual(['applied 20260101_a', 'applied 20260102_b'])
    expect(await migrate(url, { folder: first })).toEqual({ applied: [] })
    await expect(query('INSERT INTO a VALUES (1); DELETE FROM a')).rejects.toThrow('no; never')
  })

  it("writes Prisma's own table, so that its program can take over", async () => {
    const { url, query } = await database()
    await migrate(url, { folder: folder({ '20260101_a': WITH_BODY }) })
    const [row] = await query('SELECT * FROM _prisma_migrations')
    expect(row).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      checksum: createHash('sha256').update(WITH_BODY).digest('hex'),
      migration_name: '20260101_a',
      finished_at: expect.any(Date),
      rolled_back_at: null,
      logs: null,
      applied_steps_count: 1,
    })
  })

  it('is safe when several processes start at once', async () => {
    const { url, query } = await database()
    const results = await Promise.all(Array.from({ length: 5 }, () => migrate(url)))
    expect(results.flatMap(({ applied }) => applied)).toEqual(readMigrations().map(({ name }) => name))
    expect((await query('SELECT 1 FROM _prisma_migrations')).length).toBe(readMigrations().length)
  })

  it('undoes a migration that fails, says where, and can be run again', async () => {
    const { url, query } = await database()
    const broken = folder({
      '20260101_a': 'CREATE TABLE a (id int);',
      '20260102_b': 'CREATE TABLE b (id int);\nINSERT INTO nowhere VALUES (1);',
    })
    await expect(migrate(url, { folder: broken })).rejects.toThrow(/20260102_b failed and changed nothing: .*"nowhere".*\(line 2/)
    expect(await query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).toEqual([
      { tablename: '_prisma_migrations' },
      { tablename: 'a' },
    ])
    writeFileSync(join(broken, '20260102_b', 'migration.sql'), 'CREATE TABLE b (id int);')
    expect(await migrate(url, { folder: broken })).toEqual({ applied: ['20260102_b'] })
  })

  it('refuses when an applied migration was changed', async () => {
    const { url } = await database()
    const path = folder({ '20260101_a': 'CREATE TABLE a (id int)' })
    await migrate(url, { folder: path })
    writeFileSync(join(path, '20260101_a', 'migration.sql'), 'CREATE TABLE a (id bigint)')
    await expect(migrate(url, { folder: path })).rejects.toThrow(/20260101_a was changed after.*db:diff/)
  })

  it('refuses a database that belongs to something else', async () => {
    const { url, query } = await database()
    await query('CREATE TABLE invoice (id int)')
    await expect(migrate(url)).rejects.toThrow(/has 1 tables but no migration history.*DATABASE_URL/)
    expect(await query("SELECT to_regclass('_prisma_migrations') AS history")).toEqual([{ history: null }])
  })

  it('refuses after a migration that another program left unfinished, until somebody has decided', async () => {
    const { url, query } = await database()
    const path = folder({ '20260101_a': 'CREATE TABLE a (id int)' })
    await migrate(url, { folder: path })
    await query('UPDATE _prisma_migrations SET finished_at = NULL')
    await expect(migrate(url, { folder: path })).rejects.toThrow(/20260101_a was begun.*rolled_back_at/)
    await query('UPDATE _prisma_migrations SET rolled_back_at = now(); DROP TABLE a')
    expect(await migrate(url, { folder: path })).toEqual({ applied: ['20260101_a'] })
  })

  it('serves a database that a newer version has migrated', async () => {
    const { url } = await database()
    await migrate(url, { folder: folder({ '20260101_a': 'CREATE TABLE a (id int)', '20270101_new': 'CREATE TABLE n (id int)' }) })
    const lines: string[] = []
    const older = folder({ '20260101_a': 'CREATE TABLE a (id int)' })
    expect(await migrate(url, { folder: older, log: (line) => lines.push(line) })).toEqual({ applied: [] })
    expect(lines).toEqual(['the database is ahead of this version: 20270101_new'])
  })
})

describe('schema and migrations', () => {
  it('agree: a migrated database is what schema.prisma says', async () => {
    const { url } = await database()
    await migrate(url)
    expect(await schemaDrift(url)).toBe('')
  })

  it.each([
    ['a column is missing', 'ALTER TABLE orders DROP COLUMN title', /ADD COLUMN\s+"title" TEXT NOT NULL/],
    ['a column is too many', 'ALTER TABLE orders ADD COLUMN extra int', /DROP COLUMN "extra"/],
    ['a type differs', 'ALTER TABLE orders ALTER COLUMN priority TYPE bigint', /"priority" SET DATA TYPE INTEGER/],
    ['a column may be null', 'ALTER TABLE orders ALTER COLUMN title DROP NOT NULL', /"title" SET NOT NULL/],
    ['a foreign key is missing', 'ALTER TABLE task DROP CONSTRAINT task_order_id_fkey', /ADD CONSTRAINT "task_order_id_fkey"/],
    ['an index is too many', 'CREATE INDEX spare ON orders (title)', /DROP INDEX "spare"/],
    ['an index is missing', 'DROP INDEX orders_no_key', /CREATE UNIQUE INDEX "orders_no_key"/],
    ['a table is too many', 'CREATE TABLE spare (id int)', /DROP TABLE "spare"/],
  ])('disagree when %s', async (_, change, repair) => {
    const { url, query } = await database()
    await migrate(url)
    await query(change)
    expect(await schemaDrift(url)).toMatch(repair)
  })

  it('have no migration outstanding (npm run db:diff -- <name>)', async () => {
    expect(await pendingDiff()).toBe('')
  })

  it('need a usable name for the next one', async () => {
    for (const name of ['', 'Add survey', '../x', '1st', 'x'.repeat(61)])
      await expect(writeMigration(name)).rejects.toThrow('is no name for a migration')
  })
})
