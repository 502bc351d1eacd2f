/** An operation is described once: the description checks what comes in, is mounted as a route, and is written into the OpenAPI document. */
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { AppAbility } from '../auth/ability.ts'
import type { Principal } from '../auth/principal.ts'
import type { Session } from '../auth/sessions.ts'
import type { Deps } from '../deps.ts'
import type { ProblemCode } from '../problem-codes.ts'

type Schema = z.ZodType
type Out<S> = S extends Schema ? z.output<S> : undefined

/** Who asks, once known. */
export interface Caller {
  principal: Principal
  session: Session
  ability: AppAbility
}

export interface Ctx<P = unknown, Q = unknown, B = unknown> extends Caller {
  deps: Deps
  req: Request
  res: Response
  params: P
  query: Q
  body: B
  /** The Idempotency-Key; empty where the operation takes none. */
  key: string
  now: Date
  log: Logger
}

/** What an operation answers. A handler that has written the answer itself gives nothing. */
export interface Reply {
  status: number
  body?: unknown
  headers?: Readonly<Record<string, string>>
}

export interface Operation<
  P extends Schema | undefined = Schema | undefined,
  Q extends Schema | undefined = Schema | undefined,
  B extends Schema | undefined = Schema | undefined,
> {
  id: string
  method: 'get' | 'post' | 'delete'
  /** As in OpenAPI: /orders/{id} */
  path: string
  tag: string
  summary: string
  description?: string
  /** Anybody may ask; the handler finds no caller in its context. */
  public?: true
  /** A POST without an Idempotency-Key is refused, unless it gives the reason why it needs none. */
  noKey?: string
  params?: P
  query?: Q
  body?: B
  /** Request bodies that the handler reads itself. */
  upload?: { type: string; schema: Schema }
  headers?: readonly { name: string; description: string }[]
  answers: Readonly<Record<number, { description: string; schema?: Schema; type?: string; headers?: readonly string[] }>>
  /** Codes of its own, beside those that every operation of its kind may answer with. */
  problems?: readonly ProblemCode[]
  handle(ctx: Ctx<Out<P>, Out<Q>, Out<B>>): Promise<Reply | undefined>
}

/** Ties the types of a description to those of its handler. */
export const operation = <
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(
  description: Operation<P, Q, B>,
): Operation => description

/** True where the operation wants an Idempotency-Key. */
export const wantsKey = (op: Operation): boolean => op.method === 'post' && op.noKey === undefined
