/** `npm run erase`: a customer's personal data become unreadable. */
import { erasePersonal } from '../prisma/personal.ts'
import { findConfig, openRecord, readOptions, run, UsageError } from './record.ts'

const usage = `npm run erase -- --customer <id> --reason <text>

Destroys the keys that the customer's personal fields are sealed with, and empties its contacts: names, telephone numbers and addresses
can no longer be read, neither in orders and events nor in the engine's histories and archives. Chains stay as they were. It can't be
undone. Backups of the record made before still hold the keys: see docs/security.md.

Exit code: 0 when erased (also when there was nothing left to erase), 2 when it could not be done.`

async function main(): Promise<number> {
  const options = readOptions(usage, { customer: { type: 'string' }, reason: { type: 'string' } })
  if (!options) return 0
  const { customer, reason } = options
  if (!customer || !reason?.trim()) throw new UsageError(usage)
  const pool = openRecord(findConfig(['DATABASE_URL']).DATABASE_URL, 'erase')
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const done = await erasePersonal(client, { customer, actor: 'cli', reason: reason.trim(), at: new Date() })
    if (!done) throw new UsageError(`There is no customer ${customer}.`)
    await client.query('COMMIT')
    console.error(
      `${customer}: ${done.keys} keys destroyed, ${done.contacts} contacts emptied; ${done.openOrders} open orders go on without them`,
    )
    return 0
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
    await pool.end()
  }
}

run(main)
