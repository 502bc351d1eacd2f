/** A browser sends the cookie along whoever made it ask; only our own pages may make it change something. */
import type { Request } from 'express'
import type { Config } from '../../worker/config/config.ts'

/** What a browser says about where a request comes from: ours, another's, or nothing (then it is no browser of today). */
export function cameFrom(req: Request, { PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>): 'here' | 'elsewhere' | 'unknown' {
  const site = req.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'here' : 'elsewhere'
  const { origin } = req.headers
  if (origin === undefined) return 'unknown'
  if (PUBLIC_URL && origin === new URL(PUBLIC_URL).origin) return 'here'
  return URL.canParse(origin) && new URL(origin).host === req.headers.host ? 'here' : 'elsewhere'
}
