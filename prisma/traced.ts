/** Statements as spans: each with its text, never with its values. */
import type pg from 'pg'
import type { Tracing } from '../worker/config/tracing.ts'

interface Asked {
  text?: string
  name?: string
}

type Query = (...args: unknown[]) => unknown

const TEXT = 400

/** Lets every statement of the pool, and of the connections taken from it, be a span of whoever asks. */
export function tracePool(pool: pg.Pool, tracing: Tracing): pg.Pool {
  const seen = new WeakSet<pg.PoolClient>()
  const traced = (target: { query: unknown }) => {
    const query = (target.query as Query).bind(target)
    target.query = (...args: unknown[]) => {
      const [asked] = args
      // Streams and callbacks are not ours.
      if (typeof args.at(-1) === 'function' || (typeof asked !== 'string' && typeof (asked as Asked | undefined)?.text !== 'string'))
        return query(...args)
      const { text, name } = typeof asked === 'string' ? ({ text: asked } as Asked) : (asked as Asked)
      const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text!.replace(/\s+/g, ' ').trim().slice(0, TEXT) }
      const title = `SQL ${name ?? /^\s*(\w+)/.exec(text!)?.[1] ?? ''}`.trim()
      return tracing.span(title, { kind: 'client', attributes }, () => query(...args) as Promise<unknown>)
    }
  }
  // The pool's own query takes a connection with a callback; who takes one himself awaits it.
  traced(pool)
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => unknown
  Object.assign(pool, {
    connect: (...args: unknown[]) => {
      if (args.length > 0) return connect(...args)
      return (connect() as Promise<pg.PoolClient>).then((client) => {
        if (!seen.has(client)) traced(client)
        seen.add(client)
        return client
      })
    },
  })
  return pool
}
