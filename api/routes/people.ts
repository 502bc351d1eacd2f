import { randomUUID } from 'node:crypto'
import { once } from '../http/idempotency.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { changePerson, changeUnit, createPerson, createUnit, type Hand, log, resetPassword, saying } from '../people/change.ts'
import { Problem } from '../problem.ts'
import { listPeople, readPerson } from '../queries/people.ts'
import { rows, sql, transaction } from '../queries/sql.ts'
import {
  absenceIn,
  delegationIn,
  passwordMade,
  peopleList,
  peopleQuery,
  personChange,
  personIn,
  personMade,
  personParams,
  personWhole,
  stretchParams,
  unitChange,
  unitIn,
} from '../schemas/people.ts'
import { unit } from '../schemas/picker.ts'

function requireChange({ ability }: Pick<Ctx, 'ability'>, what: 'Staff' | 'OrgUnit' = 'Staff'): void {
  if (!ability.can('change', what))
    throw new Problem('NOT_ALLOWED', { says: { zh: '人员与单位由总监维护', en: 'people and units are looked after by the directors' } })
}

/** The person in the caller's care, or the caller. @throws Problem NOT_FOUND */
async function found(
  { deps, principal, now }: Pick<Ctx, 'deps' | 'principal' | 'now'>,
  id: string,
  db = deps.pool as Hand['client'] | typeof deps.pool,
) {
  const person = await readPerson(db, principal, id, now)
  if (!person) throw new Problem('NOT_FOUND')
  return person
}

/** The own absences are one's own business. */
async function requireOwnOrCare(ctx: Pick<Ctx, 'ability' | 'principal' | 'deps' | 'now'>, id: string): Promise<void> {
  if (id !== ctx.principal.id) requireChange(ctx)
  await found(ctx, id)
}

const doing = (
  ctx: Pick<Ctx, 'deps' | 'principal' | 'key' | 'now'>,
  route: string,
  content: unknown,
  work: (hand: Hand) => Promise<{ status: number; body: unknown; keep?: unknown }>,
) =>
  once(ctx.deps.pool, { principal: ctx.principal.id, key: ctx.key, route, content, now: ctx.now }, (client) =>
    work({ client, principal: ctx.principal, now: ctx.now }),
  )

async function unitRow(hand: Hand, id: string) {
  const [row] = await rows(
    hand.client,
    sql`SELECT id, json_build_object('zh', name_zh, 'en', name_en) AS name, kind, region_path AS region, parent_id AS parent, leader_id AS leader,
          (SELECT coalesce(json_agg(DISTINCT g.role ORDER BY g.role), '[]') FROM staff_role g JOIN staff s ON s.id = g.staff_id WHERE g.unit_id = u.id AND s.active) AS roles,
          (SELECT count(*)::int FROM staff s WHERE s.unit_id = u.id AND s.active) AS people
        FROM org_unit u WHERE id = ${id}`,
  )
  return row
}

const tag = 'People'
const refused = ['NOT_ALLOWED', 'UNKNOWN_REFERENCE'] as const
const replayed = ['Idempotent-Replayed']

export const peopleOperations = [
  operation({
    id: 'listPeople',
    method: 'get',
    path: '/people',
    tag,
    summary: 'People in the care of the caller, with roles, skills, hours, absences',
    query: peopleQuery,
    answers: { 200: { description: 'A page by id.', schema: peopleList } },
    problems: ['NOT_ALLOWED', 'BAD_CURSOR'],
    async handle(ctx) {
      requireChange(ctx)
      return { status: 200, body: await listPeople(ctx.deps.pool, ctx.principal, ctx.query, ctx.now) }
    },
  }),
  operation({
    id: 'createPerson',
    method: 'post',
    path: '/people',
    tag,
    summary: 'Take somebody in; the first password is shown once',
    body: personIn,
    answers: {
      201: { description: 'Taken in.', schema: personMade },
      200: { description: 'Had been by the same request; without the password.', schema: personMade, headers: replayed },
    },
    problems: refused,
    async handle(ctx) {
      requireChange(ctx)
      return doing(ctx, 'createPerson', ctx.body, async (hand) => {
        const { id, password } = await createPerson(hand, ctx.body)
        const person = await found(ctx, id, hand.client)
        return { status: 201, body: { person, password }, keep: { person } }
      })
    },
  }),
  operation({
    id: 'getPerson',
    method: 'get',
    path: '/people/{id}',
    tag,
    summary: 'One person in the care of the caller, or the caller',
    params: personParams,
    answers: { 200: { description: 'The person.', schema: personWhole } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      if (ctx.params.id !== ctx.principal.id) requireChange(ctx)
      return { status: 200, body: await found(ctx, ctx.params.id) }
    },
  }),
  operation({
    id: 'changePerson',
    method: 'post',
    path: '/people/{id}',
    tag,
    summary: 'Change a person: unit, region, roles, skills, hours, capacity; or let him go',
    params: personParams,
    body: personChange,
    answers: { 200: { description: 'As it is now.', schema: personWhole, headers: replayed } },
    problems: refused,
    async handle(ctx) {
      requireChange(ctx)
      await found(ctx, ctx.params.id)
      return doing(ctx, 'changePerson', { ...ctx.params, body: ctx.body }, async (hand) => {
        await changePerson(hand, ctx.params.id, ctx.body)
        return { status: 200, body: await found(ctx, ctx.params.id, hand.client) }
      })
    },
  }),
  operation({
    id: 'resetPassword',
    method: 'post',
    path: '/people/{id}/password',
    tag,
    summary: 'A new password, shown once; sessions and tokens end',
    params: personParams,
    answers: { 200: { description: 'The password; not when the request is repeated.', schema: passwordMade, headers: replayed } },
    problems: ['NOT_ALLOWED'],
    async handle(ctx) {
      requireChange(ctx)
      const { id } = await found(ctx, ctx.params.id)
      return doing(ctx, 'resetPassword', ctx.params, async (hand) => ({
        status: 200,
        body: { id, password: await resetPassword(hand, id) },
        keep: { id },
      }))
    },
  }),
  operation({
    id: 'addAbsence',
    method: 'post',
    path: '/people/{id}/absences',
    tag,
    summary: 'Somebody will be away',
    params: personParams,
    body: absenceIn,
    answers: { 200: { description: 'The person as he is now.', schema: personWhole, headers: replayed } },
    problems: refused,
    async handle(ctx) {
      const { params, body } = ctx
      await requireOwnOrCare(ctx, params.id)
      return doing(ctx, 'addAbsence', { ...params, body }, async (hand) => {
        const [from, to] = [new Date(body.from), new Date(body.to)]
        await saying('from', { zh: '与另一次缺勤重叠', en: 'it overlaps with another absence' }, () =>
          rows(
            hand.client,
            sql`INSERT INTO absence (id, staff_id, from_at, to_at, reason) VALUES (${`ab-${randomUUID()}`}, ${params.id}, ${from}, ${to}, ${body.reason})`,
          ),
        )
        await log(hand, 'absence-changed', params.id, { from: from.toISOString(), to: to.toISOString() })
        return { status: 200, body: await found(ctx, params.id, hand.client) }
      })
    },
  }),
  operation({
    id: 'addDelegation',
    method: 'post',
    path: '/people/{id}/delegations',
    tag,
    summary: 'Who acts for somebody while he is away',
    params: personParams,
    body: delegationIn,
    answers: { 200: { description: 'The person as he is now.', schema: personWhole, headers: replayed } },
    problems: refused,
    async handle(ctx) {
      const { params, body } = ctx
      await requireOwnOrCare(ctx, params.id)
      return doing(ctx, 'addDelegation', { ...params, body }, async (hand) => {
        const fits = await rows(hand.client, sql`SELECT 1 FROM staff WHERE id = ${body.to} AND active AND id <> ${params.id}`)
        if (fits.length === 0)
          throw new Problem('UNKNOWN_REFERENCE', { field: 'to', says: { zh: '须为在岗同事', en: 'an active colleague' } })
        const [from, until] = [new Date(body.from), new Date(body.until)]
        await saying('from', { zh: '该时段已有人代办', en: 'somebody acts for him then already' }, () =>
          rows(
            hand.client,
            sql`INSERT INTO delegation (id, from_id, to_id, from_at, to_at, roles) VALUES (${`de-${randomUUID()}`}, ${params.id}, ${body.to}, ${from}, ${until}, ${body.roles}::text[])`,
          ),
        )
        await log(hand, 'absence-changed', params.id, {
          delegate: body.to,
          from: from.toISOString(),
          to: until.toISOString(),
          roles: body.roles,
        })
        return { status: 200, body: await found(ctx, params.id, hand.client) }
      })
    },
  }),
  ...(['absence', 'delegation'] as const).map((kind) =>
    operation({
      id: kind === 'absence' ? 'removeAbsence' : 'removeDelegation',
      method: 'delete',
      path: `/people/{id}/${kind}s/{entry}`,
      tag,
      summary: kind === 'absence' ? 'Somebody will be there after all' : 'Nobody acts for him after all',
      params: stretchParams,
      answers: { 204: { description: 'Removed.' } },
      problems: ['NOT_ALLOWED'],
      async handle(ctx) {
        const { params, principal, now, deps } = ctx
        await requireOwnOrCare(ctx, params.id)
        await transaction(deps.pool, async (client) => {
          const gone = await rows(
            client,
            kind === 'absence'
              ? sql`DELETE FROM absence WHERE id = ${params.entry} AND staff_id = ${params.id} RETURNING 1`
              : sql`DELETE FROM delegation WHERE id = ${params.entry} AND from_id = ${params.id} RETURNING 1`,
          )
          if (gone.length === 0) throw new Problem('NOT_FOUND')
          await log({ client, principal, now }, 'absence-changed', params.id, { removed: params.entry })
        })
        return { status: 204 }
      },
    }),
  ),
  operation({
    id: 'createUnit',
    method: 'post',
    path: '/units',
    tag,
    summary: 'A new unit',
    body: unitIn,
    answers: {
      201: { description: 'Made.', schema: unit },
      200: { description: 'Had been by the same request.', schema: unit, headers: replayed },
    },
    problems: refused,
    async handle(ctx) {
      requireChange(ctx, 'OrgUnit')
      return doing(ctx, 'createUnit', ctx.body, async (hand) => {
        await createUnit(hand, ctx.body)
        return { status: 201, body: await unitRow(hand, ctx.body.id) }
      })
    },
  }),
  operation({
    id: 'changeUnit',
    method: 'post',
    path: '/units/{id}',
    tag,
    summary: 'Change a unit: its name, its place in the tree, its leader',
    params: personParams,
    body: unitChange,
    answers: { 200: { description: 'As it is now.', schema: unit, headers: replayed } },
    problems: refused,
    async handle(ctx) {
      requireChange(ctx, 'OrgUnit')
      return doing(ctx, 'changeUnit', { ...ctx.params, body: ctx.body }, async (hand) => {
        await changeUnit(hand, ctx.params.id, ctx.body)
        return { status: 200, body: await unitRow(hand, ctx.params.id) }
      })
    },
  }),
]
