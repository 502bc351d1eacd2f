import { afterAll, beforeAll, expect, it } from 'vitest'
import { prune } from '../../activities/prune.ts'
import { digest } from '../../domain/order/hash.ts'
import { person } from '../../prisma/seed/organisation.ts'
import { type Door, MONDAY, openDoor, startFault } from '../api/support/door.ts'

const DAY = 86_400_000
let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

it('takes what has ended long ago, and leaves the rest', async () => {
  const { pool } = door.db
  const at = (days: number) => new Date(MONDAY - days * DAY)
  const session = (hash: string, expires: Date, revoked: Date | null) =>
    pool.query(
      `INSERT INTO session (token_hash, staff_id, kind, created_at, expires_at, last_seen_at, revoked_at) VALUES ($1, $2, 'cookie', $3, $4, $3, $5)`,
      [hash, person('kac').id, at(50), expires, revoked],
    )
  await session('expired-long-ago', at(31), null)
  await session('revoked-long-ago', at(-1), at(31))
  await session('expired', at(29), null)
  await session('living', at(-1), null)
  for (const [key, days] of [
    ['old', 31],
    ['young', 29],
  ] as const)
    await pool.query(`INSERT INTO idempotency_key (principal, key, route, request_hash, created_at) VALUES ('p', $1, 'r', 'h', $2)`, [
      key,
      at(days),
    ])
  await pool.query(`INSERT INTO sso_attempt VALUES ('a', 's', 'n', 'v', '/', $1), ('b', 's', 'n', 'v', '/', $2)`, [at(1), at(0)])

  expect(await prune(pool, MONDAY)).toEqual({ sessions: 2, keys: 1, attempts: 1, texts: 0 })
  expect(await prune(pool, MONDAY)).toEqual({ sessions: 0, keys: 0, attempts: 0, texts: 0 })
  const left = await pool.query(`SELECT token_hash FROM session WHERE staff_id = $1 AND kind = 'cookie' ORDER BY 1`, [person('kac').id])
  expect(left.rows.map(({ token_hash }) => token_hash)).toEqual(['expired', 'living'])
})

it('takes texts that no event names, once their command must be over', async () => {
  const { pool } = door.db
  const order = await startFault(door)
  const monitor = await door.as('xiaomei.lin')
  const [said, refused, again] = ['said '.repeat(100), 'refused '.repeat(100), 'brought again '.repeat(100)]
  expect((await monitor.command(order, { type: 'comment', text: said })).status).toBe(200)
  for (const text of [refused, again]) {
    const { status } = await monitor.command(order, { type: 'complete', task: 'no-such.1', outcome: 'x', note: text })
    expect(status).toBeGreaterThanOrEqual(400)
    await pool.query('INSERT INTO order_text (digest, body, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      digest(text),
      text,
      new Date(MONDAY),
    ])
  }
  const texts = async () => (await pool.query<{ body: string }>('SELECT body FROM order_text')).rows.map(({ body }) => body).sort()
  expect((await prune(pool, MONDAY + 6 * DAY)).texts).toBe(0)
  door.now.value = MONDAY + 6 * DAY
  expect((await monitor.command(order, { type: 'comment', text: again }, { 'If-Match': '"1"' })).status).toBe(412)
  expect((await prune(pool, MONDAY + 8 * DAY)).texts).toBe(1)
  expect(await texts()).toEqual([again, said].sort())
  expect((await prune(pool, MONDAY + 14 * DAY)).texts).toBe(1)
  expect(await texts()).toEqual([said])
  // Once known to be named, it is not looked for again, and nobody takes it out.
  expect((await pool.query('SELECT named FROM order_text')).rows).toEqual([{ named: true }])
  await expect(pool.query('DELETE FROM order_text')).rejects.toMatchObject({ code: '23000' })
})
