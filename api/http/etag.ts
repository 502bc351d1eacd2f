/** The version of an order as its ETag. */
import type { Request } from 'express'
import { Problem } from '../problem.ts'

export const etag = (version: number): string => `"${version}"`

/** The version that a command was decided on, where the client names one. @throws Problem BAD_VERSION */
export function expectedVersion(req: Request): number | undefined {
  const given = req.headers['if-match']
  if (given === undefined || given === '*') return undefined
  const version = /^"(\d{1,9})"$/.exec(given)?.[1]
  if (version === undefined) throw new Problem('BAD_VERSION')
  return Number(version)
}

/** True when the client has this version already. */
export const isFresh = (req: Request, version: number): boolean =>
  (req.headers['if-none-match'] ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag(version))
