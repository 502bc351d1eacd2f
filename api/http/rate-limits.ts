/** Guessing passwords is made slow: per person and address, and per address. Successful logins cost nothing. */
import type { RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { Problem } from '../problem.ts'
import { json } from './json.ts'

const WINDOW_MS = 15 * 60_000
const PER_LOGIN = 10
const PER_ADDRESS = 100

const limiter = (limit: number, keyOf: (address: string, login: string) => string): RequestHandler =>
  rateLimit({
    windowMs: WINDOW_MS,
    limit,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: `login-${limit}`,
    keyGenerator(req) {
      const { login } = (req.body ?? {}) as { login?: unknown }
      return keyOf(ipKeyGenerator(req.ip ?? ''), typeof login === 'string' ? login.trim().toLowerCase().slice(0, 64) : '')
    },
    handler(_req, res, next) {
      const after = Number(res.getHeader('Retry-After') ?? WINDOW_MS / 1000)
      next(new Problem('TOO_MANY_ATTEMPTS', { headers: { 'Retry-After': String(after) } }))
    },
  })

/** The body is read first, since it names whose password is guessed. */
export const loginGuards = (): RequestHandler[] => [
  json,
  limiter(PER_ADDRESS, (address) => address),
  limiter(PER_LOGIN, (address, login) => `${address} ${login}`),
]
