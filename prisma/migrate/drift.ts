import { readFileSync } from 'node:fs'
import { structureDiff } from './engine.ts'
import { schemaFile } from './files.ts'

/**
 * SQL that would bring a database to what schema.prisma says; empty when they agree.
 *
 * Seen: tables, columns, types, nullability, defaults, keys, foreign keys, and indexes that the schema language can express,
 * missing ones as well as those that are too many. Not seen, because the schema language has no words for them: checks, triggers,
 * functions, sequences of their own, partial and expression indexes, exclusion constraints. Those stand in the migrations alone,
 * and tests of their effect guard them. An index that the schema declares but a migration made partial counts as missing.
 */
export function schemaDrift(url: string): Promise<string> {
  return structureDiff({ url }, { schema: readFileSync(schemaFile, 'utf8') })
}
