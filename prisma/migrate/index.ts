/** Bringing a database to the structure that this version needs, and proving that it is there. */
export { pendingDiff, writeMigration } from './diff.ts'
export { schemaDrift } from './drift.ts'
export { migrate, type MigrateOptions } from './migrate.ts'
