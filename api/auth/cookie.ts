/** The session cookie of browsers. */
import type { Request, Response } from 'express'
import type { Config } from '../../worker/config/config.ts'

type Secure = Pick<Config, 'COOKIE_SECURE'>

/** The prefix makes browsers refuse the cookie for any other host, path, or without encryption; it needs Secure. */
const name = ({ COOKIE_SECURE }: Secure): string => (COOKIE_SECURE ? '__Host-paidan' : 'paidan')

const attributes = ({ COOKIE_SECURE }: Secure) => ({ httpOnly: true, sameSite: 'lax', secure: COOKIE_SECURE, path: '/' }) as const

export const setSessionCookie = (res: Response, config: Secure, secret: string, expires: Date): void => {
  res.cookie(name(config), secret, { ...attributes(config), expires })
}

export const clearSessionCookie = (res: Response, config: Secure): void => {
  res.clearCookie(name(config), attributes(config))
}

/** The secret that the browser sent. */
export function sessionCookie(req: Request, config: Secure): string | undefined {
  const wanted = `${name(config)}=`
  const pair = req.headers.cookie?.split(/; */).find((part) => part.startsWith(wanted))
  const value = pair?.slice(wanted.length)
  return value && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined
}
