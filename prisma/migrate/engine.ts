import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import type { DiffTarget, SchemaEngine } from '@prisma/schema-engine-wasm'

const SCHEMA_FILE = 'schema.prisma'

/** A state of the database's structure that the engine can compare. */
export type Structure = 'empty' | { schema: string } | { url: string }

/**
 * SQL that leads from one structure to another, by Prisma's schema engine as WebAssembly (nothing is downloaded).
 * Empty when they agree.
 *
 * @param to the text of a schema, as in schema.prisma
 * @param database needed only where `from` is a database
 */
export async function structureDiff(from: Structure, to: { schema: string }): Promise<string> {
  const url = typeof from === 'object' && 'url' in from ? from.url : 'postgresql://unused'
  const engine = await openEngine(url, to.schema)
  try {
    const diff = await engine.diff({ from: target(from), to: target(to), script: true, exitCode: null, filters: { externalTables: [], externalEnums: [] } })
    const sql = (diff.stdout ?? '').trim()
    return sql === '-- This is an empty migration.' ? '' : sql
  } catch (error) {
    throw new Error(`Prisma's schema engine: ${readable(error)}`)
  } finally {
    engine.free()
  }
}

function target(structure: Structure): DiffTarget {
  if (structure === 'empty') return { tag: 'empty' }
  if ('url' in structure) return { tag: 'url', url: structure.url }
  return { tag: 'schemaDatamodel', files: [{ path: SCHEMA_FILE, content: structure.schema }] }
}

let loaded: Promise<typeof bindings> | undefined

async function openEngine(url: string, schema: string): Promise<SchemaEngine> {
  loaded ??= load()
  const { SchemaEngine } = await loaded
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url, connectionTimeoutMillis: 5_000 }))
  return SchemaEngine.new({ datamodels: [[SCHEMA_FILE, schema]] }, () => {}, adapter)
}

/** Node 20 cannot import WebAssembly as a module, so the package's own entry does not load: its two halves are joined here. */
async function load(): Promise<typeof bindings> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = readFileSync(entry.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings } as unknown as WebAssembly.Imports)
  const wasm = bindings as unknown as { __wbg_set_wasm(exports: WebAssembly.Exports): void }
  wasm.__wbg_set_wasm(instance.exports)
  ;(instance.exports.__wbindgen_start as () => void)()
  return bindings
}

function readable(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  try {
    const parsed = JSON.parse(message) as { message?: string }
    return parsed.message ?? message
  } catch {
    return message
  }
}
