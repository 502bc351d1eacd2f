import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One folder of prisma/migrations. */
export interface Migration {
  /** Folder name, e.g. `20260105093000_init`; the order of names is the order of application. */
  name: string
  sql: string
  /** SHA-256 of the file, as Prisma writes it. */
  checksum: string
}

/** The folder `prisma` of the project: SQL and schema are not compiled, so built code finds them in the checkout. */
export const prismaFolder = (() => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder)
      throw new Error('The project folder (with package.json and prisma/migrations) was not found above the code.')
    folder = dirname(folder)
  }
  return join(folder, 'prisma')
})()

export const schemaFile = join(prismaFolder, 'schema.prisma')
export const migrationsFolder = join(prismaFolder, 'migrations')
/** The schema that the newest migration leads to; `db:diff` compares with it. */
export const snapshotFile = join(migrationsFolder, 'schema.snapshot.prisma')

/**
 * Reads the migrations, oldest first.
 *
 * @throws Error when a folder has no migration.sql
 */
export function readMigrations(folder = migrationsFolder): Migration[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return names.map((name) => {
    const file = join(folder, name, 'migration.sql')
    if (!existsSync(file)) throw new Error(`The migration ${name} has no migration.sql (${file}).`)
    const bytes = readFileSync(file)
    return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') }
  })
}
