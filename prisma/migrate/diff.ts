import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { structureDiff } from './engine.ts'
import { migrationsFolder, readMigrations, schemaFile, snapshotFile } from './files.ts'

/**
 * SQL from the schema of the newest migration to schema.prisma; empty when no migration is missing.
 *
 * @throws Error when there are migrations but no snapshot, or the schema is not valid
 */
export function pendingDiff(): Promise<string> {
  if (!existsSync(snapshotFile) && readMigrations().length > 0) {
    throw new Error(`${snapshotFile} is missing. Restore it from version control: it is the schema that the newest migration leads to.`)
  }
  const before = existsSync(snapshotFile) ? { schema: readFileSync(snapshotFile, 'utf8') } : ('empty' as const)
  return structureDiff(before, { schema: readFileSync(schemaFile, 'utf8') })
}

/**
 * Writes the next migration and the snapshot.
 *
 * @param name short name in lower case, e.g. `add_survey`
 * @returns path of the new migration.sql, or undefined when the schema has not changed
 * @throws Error when the name is not usable
 */
export async function writeMigration(name: string, now = new Date()): Promise<string | undefined> {
  if (!/^[a-z][a-z0-9_]{1,59}$/.test(name))
    throw new Error(`"${name}" is no name for a migration. Use 2 to 60 of a-z, 0-9 and _: npm run db:diff -- add_survey`)
  const sql = await pendingDiff()
  const schema = readFileSync(schemaFile)
  if (!sql) {
    // Comments and field names may have changed without touching the database.
    writeFileSync(snapshotFile, schema)
    return undefined
  }
  const stamp = now.toISOString().slice(0, 19).replace(/\D/g, '')
  const last = readMigrations().at(-1)?.name ?? ''
  if (`${stamp}_${name}` <= last)
    throw new Error(
      `The newest migration, ${last}, is dated later than now (${stamp}): a new one would be applied before it. Check the clock.`,
    )
  const folder = join(migrationsFolder, `${stamp}_${name}`)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'migration.sql')
  writeFileSync(file, `${sql}\n`)
  writeFileSync(snapshotFile, schema)
  return file
}
