// Generates the database client into prisma/generated. Plain JavaScript, because it runs as `postinstall`.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const prismaDir = dirname(fileURLToPath(import.meta.url))
const schema = join(prismaDir, 'schema.prisma')
const stamp = join(prismaDir, 'generated', '.schema-sha256')
const require = createRequire(import.meta.url)

if (!existsSync(schema)) {
  console.log('prisma/schema.prisma is not here: no database client to generate')
  process.exit(0)
}

const { version } = require('prisma/package.json')
const hash = createHash('sha256').update(version).update(readFileSync(schema)).digest('hex')
const current = existsSync(join(prismaDir, 'generated', 'client.ts')) && existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash

if (current && !process.argv.includes('--force')) {
  console.log('database client is current')
} else {
  // `generate` needs no schema engine, but looks for one and would download it. Any existing executable stops that, and
  // only the process environment is read early enough. Migrations never go through this program (see prisma/migrate).
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' }
  const cli = require.resolve('prisma/build/index.js')
  const run = spawnSync(process.execPath, [cli, 'generate', '--no-hints'], { cwd: dirname(prismaDir), env, encoding: 'utf8' })
  if (run.status !== 0) {
    console.error(run.stdout, run.stderr, run.error?.message ?? '')
    console.error('The database client could not be generated from prisma/schema.prisma.')
    process.exit(1)
  }
  writeFileSync(stamp, `${hash}\n`)
  console.log('database client generated')
}
