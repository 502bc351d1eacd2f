import type { Request, Response } from 'express'
import { z } from 'zod'
import type { Config } from '../../worker/config/config.ts'
import { sessionCookie, setSessionCookie } from '../auth/cookie.ts'
import { endCookie, openSession } from '../auth/sessions.ts'
import { ATTEMPT_MS, beginSso, endSso } from '../auth/sso.ts'
import { operation } from '../http/operation.ts'

const COOKIE = 'paidan-sso'
const CALLBACK = '/sso/callback'

const attributes = ({ COOKIE_SECURE }: Pick<Config, 'COOKIE_SECURE'>, req: Request) =>
  ({ httpOnly: true, sameSite: 'lax', secure: COOKIE_SECURE, path: `${base(req)}/sso` }) as const

/** Where the operations are mounted. */
const base = (req: Request): string => req.path.slice(0, req.path.lastIndexOf('/sso/'))

/** Where the provider sends the browser back to; it must be registered there. */
const callbackUrl = (req: Request, { PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): string =>
  `${PUBLIC_URL ? new URL(PUBLIC_URL).origin : `${req.protocol}://${req.headers.host}`}${base(req)}${CALLBACK}`

function attemptOf(req: Request): string | undefined {
  return req.headers.cookie
    ?.split(/; */)
    .find((part) => part.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1)
}

const go = (res: Response, url: string) => ({ status: res.locals.operation === 'beginSso' ? 302 : 303, headers: { Location: url } })

export const ssoOperations = [
  operation({
    id: 'beginSso',
    method: 'get',
    path: '/sso/login',
    tag: 'Access',
    summary: "Log in at the company's identity provider",
    public: true,
    query: z.strictObject({ returnTo: z.string().max(500).optional().meta({ description: 'Path of ours to go on to.' }) }),
    answers: { 302: { description: 'To the provider.', headers: ['Location', 'Set-Cookie'] } },
    problems: ['NOT_FOUND', 'SSO_UNAVAILABLE', 'TOO_MANY_ATTEMPTS'],
    async handle({ deps, req, res, query, now }) {
      const redirect = callbackUrl(req, deps.config)
      const { url, attempt } = await beginSso(deps.pool, deps.config, { redirect, returnTo: query.returnTo, now })
      res.cookie(COOKIE, attempt, { ...attributes(deps.config, req), maxAge: ATTEMPT_MS })
      return go(res, url)
    },
  }),
  operation({
    id: 'endSso',
    method: 'get',
    path: CALLBACK,
    tag: 'Access',
    summary: 'Where the identity provider sends the browser back to',
    public: true,
    query: z.looseObject({ state: z.string().max(500), code: z.string().max(4_000).optional(), error: z.string().max(200).optional() }),
    answers: { 303: { description: 'Logged in; to where the login began.', headers: ['Location', 'Set-Cookie'] } },
    problems: ['NOT_FOUND', 'SSO_REFUSED', 'SSO_UNAVAILABLE', 'TOO_MANY_ATTEMPTS'],
    async handle({ deps, req, res, now, log }) {
      const answer = new URL(callbackUrl(req, deps.config))
      answer.search = new URL(req.originalUrl, answer).search
      res.clearCookie(COOKIE, attributes(deps.config, req))
      const { staff, returnTo } = await endSso(deps.pool, deps.config, { answer, attempt: attemptOf(req), now })
      await endCookie(deps.pool, sessionCookie(req, deps.config), now)
      const { secret, expiresAt } = await openSession(deps.pool, {
        staff,
        kind: 'cookie',
        now,
        hours: deps.config.SESSION_HOURS,
        userAgent: req.headers['user-agent'],
      })
      setSessionCookie(res, deps.config, secret, expiresAt)
      log.info({ staff, kind: 'cookie' }, 'logged in by the identity provider')
      return go(res, returnTo)
    },
  }),
]
