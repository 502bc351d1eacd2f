import { operation } from '../http/operation.ts'
import { Viewer } from '../live/viewer.ts'
import { Problem } from '../problem.ts'
import { streamQuery } from '../schemas/live.ts'

/** Tabs share one stream; whoever opens more has lost count. */
const MOST_STREAMS = 20

export const streamOperations = [
  operation({
    id: 'stream',
    method: 'get',
    path: '/stream',
    tag: 'Work',
    summary: 'What changes, as server-sent events',
    description:
      'Events: `ready` (at the beginning), `order` (a summary as GET /orders has it, with names), `gone` (no longer in sight), `rung` (as GET /breaches), `notification` (as GET /notifications), `resync` (something was missed: fetch anew), `beat` (every 15 s without another), `end` (the session ended, or the server goes down). Reconnecting with Last-Event-ID goes on where it broke off, on whichever server; events can come twice, and the higher `version` holds.',
    query: streamQuery,
    headers: [{ name: 'Last-Event-ID', description: 'The id of the last event that was read.' }],
    answers: { 200: { description: 'A stream without an end.', type: 'text/event-stream' } },
    problems: ['TOO_MANY_STREAMS', 'DRAINING'],
    async handle({ deps, req, res, principal, session, query }) {
      const { live } = deps
      if (deps.draining()) throw new Problem('DRAINING')
      if (live.ofSession(session.hash) >= MOST_STREAMS)
        throw new Problem('TOO_MANY_STREAMS', {
          says: { zh: `最多 ${MOST_STREAMS} 个`, en: `at most ${MOST_STREAMS}` },
          headers: { 'Retry-After': '5' },
        })
      if (req.method !== 'HEAD') await live.listen()
      res.status(200).set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        // Proxies that collect an answer before they pass it on are asked not to.
        'X-Accel-Buffering': 'no',
      })
      if (req.method === 'HEAD') {
        res.end()
        return undefined
      }
      if (res.destroyed) return undefined
      res.flushHeaders()
      req.socket.setNoDelay(true)
      const given = req.headers['last-event-id'] ?? query.lastEventId
      res.write('retry: 2000\n\n')
      const leave = live.join(new Viewer(res, principal, session.hash), typeof given === 'string' && given !== '' ? given : undefined)
      res.once('close', leave)
      return undefined
    },
  }),
]
