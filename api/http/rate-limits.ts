/**
 * Guessing passwords is made slow: per person and address, and per address. Successful logins cost nothing. The customer's page, which
 * needs no login, is slow for who guesses links, and for who asks or sends too much.
 */
import type { RequestHandler } from 'express'
import { ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit'
import { Problem } from '../problem.ts'
import { json } from './json.ts'

const WINDOW_MS = 15 * 60_000
const PER_LOGIN = 10
const PER_ADDRESS = 100

const common = {
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  handler(_req, res, next) {
    const after = Number(res.getHeader('Retry-After') ?? WINDOW_MS / 1000)
    next(new Problem('TOO_MANY_ATTEMPTS', { headers: { 'Retry-After': String(after) } }))
  },
} satisfies Partial<Options>

const limiter = (limit: number, keyOf: (address: string, login: string) => string): RequestHandler =>
  rateLimit({
    ...common,
    windowMs: WINDOW_MS,
    limit,
    skipSuccessfulRequests: true,
    identifier: `login-${limit}`,
    keyGenerator(req) {
      const { login } = (req.body ?? {}) as { login?: unknown }
      return keyOf(ipKeyGenerator(req.ip ?? ''), typeof login === 'string' ? login.trim().toLowerCase().slice(0, 64) : '')
    },
  })

const NOT_FOUND = 404

/** Links that lead nowhere, per address and window. */
export const TRACK_GUESSES = 60
const TRACK_READS_A_MINUTE = 120
const TRACK_WRITES = 60

const perAddress = (identifier: string, limit: number, windowMs: number, onlyGuesses = false): RequestHandler =>
  rateLimit({
    ...common,
    windowMs,
    limit,
    identifier,
    keyGenerator: (req) => ipKeyGenerator(req.ip ?? ''),
    ...(onlyGuesses && { skipSuccessfulRequests: true, requestWasSuccessful: (_req, res) => res.statusCode !== NOT_FOUND }),
  })

/** For the customer's page: guesses count alike, whichever way they are made. */
export function trackGuards(): { read: RequestHandler[]; write: RequestHandler[] } {
  const guesses = perAddress('track-guesses', TRACK_GUESSES, WINDOW_MS, true)
  return {
    read: [guesses, perAddress('track-reads', TRACK_READS_A_MINUTE, 60_000)],
    write: [guesses, perAddress('track-writes', TRACK_WRITES, WINDOW_MS)],
  }
}

/** The body is read first, since it names whose password is guessed. */
export const loginGuards = (): RequestHandler[] => [
  json,
  limiter(PER_ADDRESS, (address) => address),
  limiter(PER_LOGIN, (address, login) => `${address} ${login}`),
]

const SSO_A_MINUTE = 60

/** Logins at the identity provider are begun and ended by browsers, a few a minute. */
export const ssoGuards = (): RequestHandler[] => [perAddress('sso', SSO_A_MINUTE, 60_000)]
