/** The pages that are measured: what the console asks for, and the least SQL that finds the same rows. */
import { person } from '../../prisma/seed/organisation.ts'

export interface Page {
  name: string
  /** Id of who asks. */
  by: string
  /** `{order}` is an order of its own in every round. */
  path: string
  /** It is the page after this one. */
  second?: boolean
  sql: string
  values?: (order: string) => unknown[]
}

const supervisor = person('supervisor')
const city = person('xue.feng')
const auditor = person('auditor')

const task = (where: string, limit = 101): string =>
  `SELECT t.*, o.no, o.title, c.name_zh, c.name_en FROM task t JOIN orders o ON o.id = t.order_id LEFT JOIN customer c ON c.id = o.customer_id
    WHERE ${where} AND t.due_at IS NOT NULL ORDER BY t.due_at, t.order_id, t.task LIMIT ${limit}`
const open = 't.closed_at IS NULL'
const below = (path: string) => `t.region_path >= '${path}' AND t.region_path < '${path}0'`

const order = (where: string): string =>
  `SELECT o.id, o.no, o.title, o.status, o.opened_at, o.seq, c.name_zh, c.name_en FROM orders o LEFT JOIN customer c ON c.id = o.customer_id
    WHERE ${where} ORDER BY o.opened_at DESC, o.id DESC LIMIT 51`

const statuses: Readonly<Record<string, string>> = {
  undispatched: "t.status = 'undispatched'",
  offered: `${open} AND t.status = 'offered'`,
  working: `${open} AND t.status IN ('accepted', 'automatic')`,
  waiting: `${open} AND t.status IN ('suspended', 'child')`,
  risk: `${open} AND t.due_at >= now() AND EXISTS (SELECT FROM rung r WHERE r.order_id = t.order_id AND r.task = t.task AND r.settled_at IS NULL AND r.pct < 100)`,
  overdue: `${open} AND t.due_at < now()`,
  all: open,
}

export const pages: readonly Page[] = [
  ...Object.entries(statuses).map(([lane, where]) => ({
    name: `board ${lane}, with counts`,
    by: supervisor.id,
    path: `/tasks?lane=${lane}&limit=100`,
    sql: task(where),
  })),
  ...['offered', 'waiting', 'all'].map((lane) => ({
    name: `board ${lane}, next page`,
    by: supervisor.id,
    path: `/tasks?lane=${lane}&limit=100&counts=false`,
    second: true,
    sql: task(`${statuses[lane]!} AND t.due_at > now() - interval '1 hour'`),
  })),
  {
    name: 'board of a city, with counts',
    by: city.id,
    path: '/tasks?lane=all&limit=100',
    sql: task(`${open} AND ${below(city.unit.region)}`),
  },
  {
    name: 'board of a process',
    by: supervisor.id,
    path: '/tasks?lane=all&limit=100&counts=false&process=complaint',
    sql: task(`${open} AND t.process = 'complaint'`),
  },
  {
    name: 'my tasks',
    by: supervisor.id,
    path: '/tasks?lane=mine&limit=25&counts=false',
    sql: task(`${open} AND t.person_id = '${supervisor.id}'`, 26),
  },
  { name: 'audit, the latest', by: auditor.id, path: '/orders?limit=50', sql: order('true') },
  {
    name: 'audit, next page',
    by: auditor.id,
    path: '/orders?limit=50',
    second: true,
    sql: order("o.opened_at < now() - interval '2 days'"),
  },
  {
    name: 'audit, by number',
    by: auditor.id,
    path: '/orders?limit=50&q=GF-20260101-00000042',
    sql: order("o.no = 'GF-20260101-00000042'"),
  },
  {
    name: 'audit, by words of the title',
    by: auditor.id,
    path: '/orders?limit=50&q=a1d0c6',
    sql: order("o.id IN (SELECT f.order_id FROM order_find f WHERE f.parts @> letter_parts_wanted('a1d0c6') AND f.words LIKE '%a1d0c6%')"),
  },
  {
    name: 'audit, an order',
    by: auditor.id,
    path: '/orders/{order}/events?limit=200',
    sql: 'SELECT seq, move_seq, type, data, actor_kind, actor_id, on_behalf_of, at, cmd, prev_hash, hash FROM order_event WHERE order_id = $1 ORDER BY seq LIMIT 201',
    values: (id) => [id],
  },
  {
    name: 'breaches',
    by: supervisor.id,
    path: '/breaches?limit=50',
    sql: 'SELECT r.*, o.no, o.title, o.process FROM rung r JOIN orders o ON o.id = r.order_id ORDER BY r.fired_at DESC, r.order_id, r.clock, r.pct LIMIT 51',
  },
]
