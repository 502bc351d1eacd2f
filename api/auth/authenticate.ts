/** Finds out who asks: a bearer token of a program, or the cookie of a browser. */
import type { Request } from 'express'
import type { Title } from '../../domain/title.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { sessionCookie } from './cookie.ts'
import { type Principal, loadPrincipal } from './principal.ts'
import { type Session, findSession } from './sessions.ts'

/** @throws Problem UNAUTHENTICATED when there is no live session, or its person is no longer active */
export async function authenticate(deps: Deps, req: Request, now: Date): Promise<{ principal: Principal; session: Session }> {
  const { authorization } = req.headers
  const bearer = authorization === undefined ? undefined : /^Bearer +([A-Za-z0-9_-]{1,200})$/i.exec(authorization)?.[1]
  // A header that is there but wrong is not mended by a cookie: the program meant the header.
  if (authorization !== undefined && !bearer)
    throw unauthenticated({ zh: 'Authorization 请求头须为 "Bearer <令牌>"', en: 'the Authorization header must be "Bearer <token>"' })
  const secret = bearer ?? sessionCookie(req, deps.config)
  if (!secret) throw unauthenticated()
  const session = await findSession(deps.pool, secret, bearer ? 'bearer' : 'cookie', now, deps.config.SESSION_IDLE_HOURS)
  const principal = session && (await loadPrincipal(deps.pool, session.staff, now))
  if (!principal) throw unauthenticated({ zh: '会话已结束', en: 'the session has ended' })
  return { principal, session }
}

const unauthenticated = (says?: Title): Problem =>
  new Problem('UNAUTHENTICATED', { says, headers: { 'WWW-Authenticate': 'Bearer realm="paidan"' } })
