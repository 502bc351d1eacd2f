/** Says no early: a server that takes more than it can do becomes slow for everybody. */
import type { RequestHandler, Response } from 'express'
import { Problem } from '../problem.ts'

export interface Load {
  /** Counts what is under way and refuses what is too much; to be mounted before the operations. */
  shed: RequestHandler
  /** Requests under way, open streams not among them. */
  readonly underWay: number
  readonly refused: number
}

/** A stream lasts as long as somebody watches and costs next to nothing; what it may be is limited by session. */
const isStream = (path: string): boolean => path === '/stream'

/** @param most requests under way at a time; one more is answered 503 with Retry-After */
export function createLoad(most: number): Load {
  let underWay = 0
  let refused = 0
  return {
    get underWay() {
      return underWay
    },
    get refused() {
      return refused
    },
    shed(req, res, next) {
      if (isStream(req.path)) return next()
      if (underWay >= most) {
        refused++
        return next(
          new Problem('OVERLOADED', {
            says: { zh: `正在处理 ${most} 个请求`, en: `${most} requests are under way` },
            headers: { 'Retry-After': '1' },
          }),
        )
      }
      underWay++
      whenOver(res, () => underWay--)
      next()
    },
  }
}

/** Answered, or the client has gone; once. */
function whenOver(res: Response, then: () => void): void {
  res.once('close', then)
}

/**
 * While the server goes down, whoever has a connection to it is told to make his next one elsewhere. Said when the answer is
 * written: a request may have come in before.
 */
export const farewell =
  (draining: () => boolean): RequestHandler =>
  (_req, res, next) => {
    const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => Response
    res.writeHead = (...args: unknown[]) => {
      if (draining() && !res.headersSent) res.setHeader('Connection', 'close')
      return writeHead(...args)
    }
    next()
  }
