import { commandTypes } from '../../domain/order/command.ts'
import { roles } from '../../domain/roles.ts'
import { mayChange, mayGive, mayStart } from '../auth/ability.ts'
import { clearSessionCookie, sessionCookie, setSessionCookie } from '../auth/cookie.ts'
import { cameFrom } from '../auth/cross-site.ts'
import { checkPassword } from '../auth/passwords.ts'
import { endCookie, endSession, liveSessions, openSession, revokeSession, sessionId } from '../auth/sessions.ts'
import { type Ctx, operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { rows, sql } from '../queries/sql.ts'
import { policyKinds } from '../schemas/policy.ts'
import { login, me, sessionList, sessionStarted, tokenParams } from '../schemas/session.ts'

const subjects = ['Order', 'Task', 'Rung', 'Customer', 'Service', 'Staff', 'OrgUnit', 'Policy', 'Process', 'Notification'] as const

const kept = ['Staff', 'OrgUnit', 'Calendar', 'Schedule', 'Settlement', 'Retention'] as const

export const sessionOperations = [
  operation({
    id: 'logIn',
    method: 'post',
    path: '/sessions',
    tag: 'Access',
    summary: 'Log in',
    description: 'Browsers get a cookie; programs ask for `kind: bearer` and get a token.',
    public: true,
    noKey: 'Repeating a login harms nobody: it opens another session.',
    body: login,
    answers: { 201: { description: 'Logged in.', schema: sessionStarted, headers: ['Set-Cookie'] } },
    problems: ['BAD_CREDENTIALS', 'TOO_MANY_ATTEMPTS', 'CROSS_SITE'],
    async handle({ deps, req, res, body, now, log }) {
      // A form on another site must not log a browser in as somebody else.
      if (cameFrom(req, deps.config) === 'elsewhere') throw new Problem('CROSS_SITE')
      const [staff] = await rows<{ id: string; password_hash: string }>(
        deps.pool,
        sql`SELECT id, password_hash FROM staff WHERE login = ${body.login.trim().toLowerCase()} AND active`,
      )
      const fits = await checkPassword(staff?.password_hash, body.password)
      if (!staff || !fits) throw new Problem('BAD_CREDENTIALS')
      const { kind } = body
      if (kind === 'cookie') await endCookie(deps.pool, sessionCookie(req, deps.config), now)
      const { secret, expiresAt } = await openSession(deps.pool, {
        staff: staff.id,
        kind,
        now,
        hours: deps.config.SESSION_HOURS,
        userAgent: req.headers['user-agent'],
      })
      log.info({ staff: staff.id, kind }, 'logged in')
      if (kind === 'cookie') setSessionCookie(res, deps.config, secret, expiresAt)
      return {
        status: 201,
        body: { staff: staff.id, kind, expiresAt: expiresAt.toISOString(), ...(kind === 'bearer' && { token: secret }) },
      }
    },
  }),
  operation({
    id: 'logOut',
    method: 'delete',
    path: '/sessions/current',
    tag: 'Access',
    summary: 'Log out',
    description: 'Ends the session, or revokes the token, that the request was made with.',
    answers: { 204: { description: 'Logged out.' } },
    async handle({ deps, res, session, now }) {
      await endSession(deps.pool, session, now)
      if (session.kind === 'cookie') clearSessionCookie(res, deps.config)
      return { status: 204 }
    },
  }),
  operation({
    id: 'listSessions',
    method: 'get',
    path: '/sessions',
    tag: 'Access',
    summary: 'Where I am logged in',
    answers: { 200: { description: 'Live sessions, the one used last first.', schema: sessionList } },
    async handle({ deps, principal, session, now }) {
      const found = await liveSessions(deps.pool, principal.id, now, deps.config.SESSION_IDLE_HOURS)
      const items = found.map(({ hash, kind, user_agent: userAgent, ...at }) => ({
        id: sessionId(hash),
        kind,
        current: hash === session.hash,
        userAgent,
        createdAt: at.created_at.toISOString(),
        lastSeenAt: at.last_seen_at.toISOString(),
        expiresAt: at.expires_at.toISOString(),
      }))
      return { status: 200, body: { items } }
    },
  }),
  operation({
    id: 'revokeSession',
    method: 'delete',
    path: '/sessions/{id}',
    tag: 'Access',
    summary: 'End a session of mine, wherever it is',
    params: tokenParams,
    answers: { 204: { description: 'Ended.' } },
    async handle({ deps, principal, params, now }) {
      if (!(await revokeSession(deps.pool, principal.id, params.id, now))) throw new Problem('NOT_FOUND')
      return { status: 204 }
    },
  }),
  operation({
    id: 'whoAmI',
    method: 'get',
    path: '/me',
    tag: 'Access',
    summary: 'Who am I, and what may I do',
    answers: { 200: { description: 'The caller.', schema: me } },
    handle: (ctx) => Promise.resolve({ status: 200, body: whoAmI(ctx) }),
  }),
]

function whoAmI({ principal, session, ability, deps }: Ctx) {
  const { id, login: name, lang, unit, region, grants, external, standsFor } = principal
  return {
    id,
    login: name,
    name: principal.name,
    lang,
    unit,
    region,
    roles: grants.flatMap(({ role, unit: of }) =>
      Object.hasOwn(roles, role) ? [{ role, unit: of, ...roles[role as keyof typeof roles] }] : [],
    ),
    external,
    standsFor: standsFor.map((colleague) => ({ id: colleague.id, name: colleague.name })),
    session: { kind: session.kind, expiresAt: session.expiresAt?.toISOString() ?? null },
    may: {
      start: deps.catalogue.specs.map((spec) => spec.id).filter((process) => mayStart(ability, process)),
      command: commandTypes.filter((type) => mayGive(ability, type)),
      read: subjects.filter((subject) => ability.can('read', subject)),
      change: kept.filter((subject) => ability.can('change', subject)),
      policies: policyKinds.filter((kind) => mayChange(ability, kind)),
      audit: ability.can('audit', 'Order'),
      attach: ability.can('attach', 'Order'),
    },
  }
}
