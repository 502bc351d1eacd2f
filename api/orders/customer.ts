/** The customer as he who gives a command from his page: he answers what he is asked, and says what he has to say. */
import { askedByTask, asksCustomer, WHO_ANSWERED } from '../../domain/order/track.ts'
import { faultTitles } from '../../domain/order/refusal.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import type { Task } from '../../domain/order/state.ts'
import type { Title } from '../../domain/title.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'
import type { Link } from '../queries/track.ts'
import type { CommandIn } from '../schemas/command.ts'
import type { Giver } from './giver.ts'
import { stepOf } from './ids.ts'
import type { Naming } from './references.ts'

const LEAVE_OUT: Title = { zh: '请留空此字段', en: 'leave this field out' }

/** Who sent a file or a request, beside the ids of our people. */
export const customerName = ({ actor }: Pick<Link, 'actor'>): string => `customer:${actor}`

/** For orders that the link shows. */
export function customerGiver({ pool }: Pick<Deps, 'pool'>, link: Link, now: Date): Giver {
  const by = customerName(link)
  return {
    by,
    now,
    involved: sql`TRUE`,
    sees: () => true,
    mayGive: (type) => type === 'complete' || type === 'sign' || type === 'comment',
    references: naming(pool, by),
    actor: () => Promise.resolve({ kind: 'customer', id: link.actor, roles: ['customer'] }),
    hold: () => Promise.resolve({ release: () => Promise.resolve() }),
    checkTask,
    fill: (fields, form) => ({
      ...Object.fromEntries(WHO_ANSWERED.filter((name) => fields[name]?.required).map((name) => [name, link.name])),
      ...form,
    }),
  }
}

/** Files that he sent himself; nothing of ours, and nobody of us. */
function naming(pool: Deps['pool'], by: string): Naming {
  const nothing = (_named: unknown, _as: unknown, field?: string): Promise<void> =>
    Promise.reject(new Problem('UNKNOWN_REFERENCE', field ? { field, says: LEAVE_OUT } : { says: LEAVE_OUT }))
  return {
    unit: nothing,
    anyUnit: (id, field) => nothing(id, undefined, field),
    person: nothing,
    customers: (ids, field) => nothing(ids, undefined, field),
    resources: (ids, field) => nothing(ids, undefined, field),
    agents: (ids, field) => nothing(ids, undefined, field),
    async file(id, order, field) {
      const found = await rows(pool, sql`SELECT 1 FROM attachment WHERE id = ${id} AND order_id = ${order ?? ''} AND uploaded_by = ${by}`)
      if (found.length === 0)
        throw new Problem('UNKNOWN_REFERENCE', {
          field,
          says: { zh: '请先在本页上传文件，再填写其编号', en: 'send the file from this page first, then name its id' },
        })
    },
  }
}

/** @throws Problem NO_SUCH_TASK, UNKNOWN_OUTCOME, NO_SUCH_PARTY */
function checkTask(spec: ProcessSpec, task: Task | null, body: CommandIn): void {
  if (body.type !== 'complete' && body.type !== 'sign') return
  const step = spec.steps[stepOf(body.task)]
  // Of what he is not asked he does not learn whether it is there.
  if (!step || !asksCustomer(step)) throw new Problem('NO_SUCH_TASK', { field: 'task' })
  // What was answered meanwhile the order refuses itself, with better words.
  if (!task) return
  const asked = askedByTask(spec, task)
  if (asked.length === 0) throw new Problem('NO_SUCH_TASK', { field: 'task' })
  if (body.type === 'complete' && !asked.some(({ outcomes }) => outcomes.some(({ id }) => id === body.outcome)))
    throw new Problem('UNKNOWN_OUTCOME', { field: 'outcome', says: faultTitles.NOT_ONE_OF })
  if (body.type === 'sign' && !asked.some(({ party }) => party === body.party)) throw new Problem('NO_SUCH_PARTY', { field: 'party' })
}
