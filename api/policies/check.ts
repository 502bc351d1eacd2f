/** Whether a policy may say what somebody wants it to say: beyond the shape, that it can be kept and means something. */
import { BadWording } from '../../domain/calendar/bad-wording.ts'
import { parseBudget } from '../../domain/calendar/duration.ts'
import { messageSubjects } from '../../domain/messages.ts'
import { DEFAULT_RULE } from '../../domain/order/rules.ts'
import type { LimitSpec } from '../../domain/order/spec.ts'
import { isRole } from '../../domain/roles.ts'
import type { z } from 'zod'
import type { Catalogue } from '../catalogue.ts'
import { type FieldError, fieldError, fieldErrors } from '../field-errors.ts'
import { Problem } from '../problem.ts'
import type { Version } from '../queries/policies.ts'
import { type Db, rows, sql } from '../queries/sql.ts'
import { type PolicyKind, specs } from '../schemas/policy.ts'

type SpecOf<K extends PolicyKind> = z.output<(typeof specs)[K]>

/** Recipients of a rung beside the roles (domain/order/spec.ts). */
const recipients = new Set(['assignee', 'dispatcher', 'responsible', 'superior', 'next-superior', 'customer', 'account-manager'])

const invalid = (field: string, zh: string, en: string): FieldError => fieldError(`spec.${field}`, 'INVALID', { zh, en })

/**
 * The wanted spec, once it is known to be one.
 * @param current the latest version, where there is one
 * @throws Problem VALIDATION_FAILED naming the fields; nothing has changed then
 */
export async function checkedSpec(
  db: Db,
  catalogue: Catalogue,
  kind: PolicyKind,
  wanted: Readonly<Record<string, unknown>>,
  current: Version | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const parsed = specs[kind].safeParse(wanted)
  if (!parsed.success) throw new Problem('VALIDATION_FAILED', { errors: fieldErrors(parsed.error, 'spec') })
  const errors =
    kind === 'limits'
      ? await ofLimit(db, catalogue, parsed.data as SpecOf<'limits'>, current)
      : kind === 'ladders'
        ? ofLadder(parsed.data as SpecOf<'ladders'>)
        : []
  if (errors.length > 0) throw new Problem('VALIDATION_FAILED', { errors })
  return parsed.data
}

async function ofLimit(db: Db, catalogue: Catalogue, spec: SpecOf<'limits'>, current: Version | undefined): Promise<FieldError[]> {
  const { budget, calendar, ladder } = spec
  const [found] = await rows<{ calendar: boolean; ladder: boolean }>(
    db,
    sql`SELECT EXISTS (SELECT 1 FROM calendar WHERE id = ${calendar}) AS calendar, EXISTS (SELECT 1 FROM ladder WHERE id = ${ladder}) AS ladder`,
  )
  return [
    ...budgetErrors(budget, calendar, dated(catalogue, current)),
    ...(found?.calendar ? [] : [invalid('calendar', `没有日历 ${calendar}`, `there is no calendar ${calendar}`)]),
    ...(found?.ladder
      ? []
      : [invalid('ladder', `没有升级规则 ${ladder}`, `there is no ladder ${ladder}; GET /policies?kind=ladders lists them`)]),
  ]
}

/** A working day has no meaning where work never rests, nor a day of 24 hours where it does (catalogue 0.2). */
function budgetErrors(budget: string | null, calendar: string, hasDate: boolean): FieldError[] {
  if (budget === null)
    return hasDate
      ? []
      : [fieldError('spec.budget', 'REQUIRED', { zh: '工单没有给出该时限的日期', en: 'no date of the order gives this limit' })]
  try {
    const { unit } = parseBudget(budget)
    if (unit === 'd' && calendar === 'W')
      return [invalid('budget', '日历 W 按工作日计：请写 WD', 'on calendar W days are working days: write WD')]
    if (unit === 'WD' && calendar === 'C')
      return [invalid('budget', '日历 C 没有工作日：请写 d 或 h', 'calendar C has no working days: write d or h')]
    return []
  } catch (error) {
    if (error instanceof BadWording) return [fieldError('spec.budget', 'INVALID', error.says)]
    throw error
  }
}

/** Whether the due instant of this limit is a date that orders bring along. */
function dated(catalogue: Catalogue, current: Version | undefined): boolean {
  const { process, step, clock } = current?.applies ?? {}
  const spec = process == null ? undefined : catalogue.spec(process)
  const limit: LimitSpec | undefined = step == null ? spec?.clocks?.[clock ?? '']?.limit : spec?.steps[step]?.limit
  return limit?.dueFact !== undefined
}

function ofLadder({ rungs }: SpecOf<'ladders'>): FieldError[] {
  const errors = rungs.flatMap(({ pct, to, template }, i): FieldError[] => {
    const before = rungs[i - 1]?.pct
    const unknown = to.filter((name) => !recipients.has(name) && !isRole(name))
    return [
      ...(before !== undefined && pct <= before
        ? [invalid(`rungs.${i}.pct`, `须大于前一级的 ${before}`, `must be more than the ${before} before it`)]
        : []),
      ...(unknown.length > 0
        ? [
            invalid(
              `rungs.${i}.to`,
              `没有 ${unknown.join(', ')}：请填写角色，或其中之一：${[...recipients].join(', ')}`,
              `nobody is ${unknown.join(', ')}: name a role or one of ${[...recipients].join(', ')}`,
            ),
          ]
        : []),
      ...(template !== undefined && !Object.hasOwn(messageSubjects, template)
        ? [invalid(`rungs.${i}.template`, `没有消息 ${template}`, `there is no message ${template}`)]
        : []),
    ]
  })
  // What follows from an overrun, an outcome or an offer that returns, happens at this rung.
  return rungs.some(({ pct }) => pct === 100) ? errors : [...errors, invalid('rungs', '须有 100% 一级', 'there must be one at 100 percent')]
}

/** Whether a step of the catalogue, or a process, or all of them, could have a rule of dispatch of its own. */
export function canHaveDispatch(catalogue: Catalogue, id: string): boolean {
  const [process = '', step] = id.split('/')
  if (id === DEFAULT_RULE) return true
  const spec = catalogue.spec(process)
  return spec !== undefined && (step === undefined || Object.hasOwn(spec.steps, step))
}
