import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import pg from 'pg'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import type { DiffTarget, SchemaEngine } from '@prisma/schema-engine-wasm'

const SCHEMA_FILE = 'schema.prisma'
const POSTGRES = 'datasource db {\n  provider = "postgresql"\n}\n'

/** A state of the database's structure that the engine can compare. */
export type Structure = 'empty' | { schema: string } | { url: string }

/**
 * SQL that leads from one structure to another, by Prisma's schema engine as WebAssembly (nothing is downloaded).
 * Empty when they agree.
 *
 * @param to the text of a schema, as in schema.prisma
 */
export async function structureDiff(from: Structure, to: { schema: string }): Promise<string> {
  const database = typeof from === 'object' && 'url' in from
  const pool = database ? new pg.Pool({ connectionString: from.url, connectionTimeoutMillis: 5_000 }) : undefined
  const engine = await openEngine(pool ? catalogReader(pool) : noDatabase, to.schema)
  try {
    const diff = await engine.diff({
      from: target(from),
      to: target(to),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    const sql = (diff.stdout ?? '').trim()
    return sql === '-- This is an empty migration.' ? '' : sql
  } catch (error) {
    throw new Error(`Prisma's schema engine: ${readable(error)}`)
  } finally {
    engine.free()
    await pool?.end()
  }
}

function target(structure: Structure): DiffTarget {
  if (structure === 'empty') return { tag: 'empty' }
  // "schemaDatasource" means the database behind the adapter; the file only says that it is PostgreSQL.
  if ('url' in structure) return { tag: 'schemaDatasource', files: [{ path: SCHEMA_FILE, content: POSTGRES }], configDir: '.' }
  return { tag: 'schemaDatamodel', files: [{ path: SCHEMA_FILE, content: structure.schema }] }
}

// Type numbers in PostgreSQL's catalog.
const CHAR = 18
const TEXT = 25
const MARK = '\0char'

/**
 * Lets the engine read PostgreSQL's catalog. The adapter refuses its one-byte "char" columns, so they pass through it as text
 * with a mark on their name, and get their own type behind it.
 */
function catalogReader(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>
  const marked = async (...args: unknown[]) => {
    const result = await query(...args)
    for (const field of result.fields ?? [])
      if (field.dataTypeID === CHAR) Object.assign(field, { dataTypeID: TEXT, name: field.name + MARK })
    return result
  }
  const factory = new PrismaPg(Object.assign(pool, { query: marked }))
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await factory.connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    const typed = async (sql: SqlQuery): Promise<SqlResultSet> => {
      const { columnNames, columnTypes, rows } = await queryRaw(sql)
      return {
        columnNames: columnNames.map((name) => name.replace(MARK, '')),
        columnTypes: columnTypes.map((type, at) => (columnNames[at]?.endsWith(MARK) ? ColumnTypeEnum.Character : type)),
        rows,
      }
    }
    return Object.assign(adapter, { queryRaw: typed })
  }
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb: connect }
}

/** The engine looks at its database when it is made; where two schemas are compared there is none, and this answers in its place. */
const noDatabase: SqlMigrationAwareDriverAdapterFactory = (() => {
  const none = async (): Promise<never> => {
    throw new Error('the comparison of two schemas uses no database')
  }
  const names = { provider: 'postgres', adapterName: 'none' } as const
  const connect = async () => ({
    ...names,
    queryRaw: async () => ({
      columnNames: ['exists', 'version', 'numeric_version'],
      columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
      rows: [[true, 'PostgreSQL 18', 180_000]],
    }),
    executeRaw: none,
    executeScript: none,
    startTransaction: none,
    dispose: async () => {},
  })
  return { ...names, connect, connectToShadowDb: connect }
})()

type Bindings = typeof bindings & { __wbg_set_wasm(exports: object): void }

/** The little of WebAssembly used here; its types come with the browser's library, which is not ours. */
interface WebAssemblyApi {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>
}

let lastWords: string | undefined
let loaded: Promise<Bindings> | undefined

async function openEngine(adapter: SqlMigrationAwareDriverAdapterFactory, schema: string): Promise<SchemaEngine> {
  loaded ??= load()
  const { SchemaEngine } = await loaded
  return SchemaEngine.new({ datamodels: [[SCHEMA_FILE, schema]] }, () => {}, bindMigrationAwareSqlAdapterFactory(adapter))
}

/** Node 20 cannot import WebAssembly as a module, so the package's own entry does not load: its two halves are joined here. */
async function load(): Promise<Bindings> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = readFileSync(entry.replace(/\.js$/, '.wasm'))
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
  const joined = bindings as Bindings
  // Where the engine leaves its last words; without it a failure inside would read "unreachable".
  const host = globalThis as { PRISMA_WASM_PANIC_REGISTRY?: { set_message(message: string): void } }
  host.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => void (lastWords = message) }
  joined.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return joined
}

function readable(error: unknown): string {
  const message = lastWords ?? (error instanceof Error ? error.message : String(error))
  try {
    const parsed = JSON.parse(message) as { message?: string }
    return parsed.message ?? message
  } catch {
    return message
  }
}
