/** The one module that talks to Temporal. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Client,
  Connection,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  defaultGrpcRetryOptions,
  isGrpcDeadlineError,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client'
import { ApplicationFailure, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common'
import type { Command } from '../domain/order/command.ts'
import type { OutsideFact } from '../domain/order/received.ts'
import type { Revivals } from '../prisma/recovery/engine.ts'
import { noTracing, type Tracing } from '../worker/config/tracing.ts'
import type { Config } from '../worker/config/config.ts'
import { temporalConnectionOptions } from '../worker/config/temporal.ts'
import { revivalsOf } from '../worker/engine/revivals.ts'
import type { Answer, StartArgs } from '../workflows/kit/messages.ts'
import { type QueueFigures, queuesOf } from './engine-queue.ts'
import { workflowType } from '../domain/order/names.ts'
import { EngineDown, EngineLate, EngineOrderMissing, EngineRefused } from './engine-errors.ts'
import { isProblemCode } from './problem-codes.ts'
import { type Schedules, schedulesOf } from './schedules/engine.ts'

export type Opening = Extract<StartArgs, { opened: unknown }>
export type { Answer }

/** What the door asks of the engine. Every call ends within the deadline. */
export interface Engine {
  /**
   * Starts an order, or finds the one of that id running; answers once its opening is recorded.
   * @throws EngineRefused, EngineLate, EngineDown, EngineOrderMissing (an order of that id ran, has ended, and is forgotten)
   */
  open(opening: Opening): Promise<Answer>
  /**
   * Gives an order a command; answers once it is recorded. The same command id twice takes effect once.
   * @throws EngineRefused, EngineLate, EngineDown, EngineOrderMissing
   */
  act(order: string, command: Command, requestHash: string): Promise<Answer>
  /**
   * Tells an order a fact from outside. It can't be refused, and counts once by its id; it is recorded soon after the answer.
   * @throws EngineLate, EngineDown, EngineOrderMissing
   */
  tell(order: string, fact: OutsideFact): Promise<void>
  /** @throws EngineLate, EngineDown */
  schedules: Schedules
  /** What waits for a worker. @throws what the engine answers */
  queues(): Promise<QueueFigures[]>
  /** @throws EngineDown when the engine or its namespace does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

/** How long a call may take, in ms; what is not recorded by then is answered with 202. */
export const DEADLINE_MS = 5_000

const UNAVAILABLE = 14
const FAILED_PRECONDITION = 9
const RESOURCE_EXHAUSTED = 8

/** Connects lazily: the door opens without the engine, and says so in /readyz. */
export function connectEngine(config: Config & { TEMPORAL_ADDRESS: string }, tracing = noTracing): Engine & { revivals: Revivals } {
  const connection = Connection.lazy({
    ...temporalConnectionOptions(config),
    // The default of ten attempts would outlast the deadline, and an engine that is down would look like a slow one.
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 4, initialIntervalMs: () => 100 }))],
  })
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE })
  return createEngine(client, config.TASK_QUEUE, DEADLINE_MS, tracing)
}

/** The engine on a client that exists already. `close` closes its connection. */
export function createEngine(
  client: Client,
  taskQueue: string,
  deadlineMs = DEADLINE_MS,
  tracing: Tracing = noTracing,
): Engine & { revivals: Revivals } {
  const call = <T>(order: string, fn: () => Promise<T>): Promise<T> => persist(client, order, fn, Date.now() + deadlineMs)
  const traced = <T>(name: string, order: string, work: (trace: string | undefined) => Promise<T>): Promise<T> =>
    tracing.span(name, { kind: 'client', attributes: { 'paidan.order': order } }, () => work(tracing.current()))
  return {
    open: (given) =>
      traced('engine open', given.id, (trace) => {
        const opening = trace ? { ...given, trace } : given
        return call(given.id, () =>
          client.workflow.executeUpdateWithStart('opened', {
            args: [],
            // With a space, which no Idempotency-Key has: a command can't be taken for the opening.
            updateId: 'order opened',
            startWorkflowOperation: new WithStartWorkflowOperation(workflowType(opening.opened.process), {
              workflowId: opening.id,
              taskQueue,
              args: [opening],
              workflowIdConflictPolicy: 'USE_EXISTING',
              workflowIdReusePolicy: 'REJECT_DUPLICATE',
            }),
          }),
        )
      }),
    act: (order, command, requestHash) =>
      traced('engine act', order, (trace) => {
        const args: [Command, string, string?] = trace ? [command, requestHash, trace] : [command, requestHash]
        return call(order, () =>
          client.workflow.getHandle(order).executeUpdate<Answer, [Command, string, string?]>('act', { args, updateId: command.id }),
        )
      }),
    tell: (order, fact) => call(order, () => client.workflow.getHandle(order).signal<[OutsideFact]>('received', fact)),
    revivals: within(call, revivalsOf(client, taskQueue)),
    schedules: schedulesOf(client, taskQueue, call),
    queues: queuesOf(client, taskQueue),
    async check() {
      const { namespace } = client.options
      try {
        await client.connection.withDeadline(Date.now() + 1_500, () => client.workflowService.describeNamespace({ namespace }))
      } catch (error) {
        throw new EngineDown(error)
      }
    },
    close: async () => {
      await client.connection.close()
    },
  }
}

/** Each call with the door's deadline and its errors; ending a workflow may have to wait for its recorder, and sets no deadline. */
const within = (call: <T>(order: string, fn: () => Promise<T>) => Promise<T>, revivals: Revivals): Revivals => ({
  revive: (revival) => call(revival.id, () => revivals.revive(revival)),
  retire: (order) => revivals.retire(order),
  begin: (opening) => call(opening.id, () => revivals.begin(opening)),
  childEnded: (order, end) => call(order, () => revivals.childEnded(order, end)),
  parentWithdrew: (order, told) => call(order, () => revivals.parentWithdrew(order, told)),
  received: (order, fact) => call(order, () => revivals.received(order, fact)),
})

/**
 * One call with a deadline. What a closing or continuing workflow answers by the accident of its moment is asked again with the
 * same update id, which takes effect once.
 */
async function persist<T>(client: Client, order: string, fn: () => Promise<T>, deadline: number): Promise<T> {
  for (let pause = 25; ; pause *= 2) {
    try {
      return await client.withDeadline(deadline, fn)
    } catch (error) {
      if (!isAccident(error) || Date.now() + pause >= deadline) throw translate(order, error)
      await sleep(pause)
    }
  }
}

function isAccident(error: unknown): boolean {
  if (error instanceof WorkflowUpdateFailedError)
    return error.cause instanceof ApplicationFailure && error.cause.type === 'AcceptedUpdateCompletedWorkflow'
  const grpc = grpcError(error)
  return grpc?.code === FAILED_PRECONDITION && /unexpected workflow task failure/i.test(grpc.details)
}

const grpcError = (error: unknown) => {
  if (isGrpcServiceError(error)) return error
  return error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : undefined
}

function translate(order: string, error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError) return refusal(error)
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError)
    return new EngineOrderMissing(order, error)
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error)) return new EngineLate(error)
  const code = grpcError(error)?.code
  if (code === UNAVAILABLE || code === RESOURCE_EXHAUSTED) return new EngineDown(error)
  // Still in an accident when the deadline came.
  if (isAccident(error)) return new EngineLate(error)
  return error
}

function refusal(error: WorkflowUpdateFailedError): unknown {
  if (isAccident(error)) return new EngineLate(error)
  const { cause } = error
  if (!(cause instanceof ApplicationFailure) || !isProblemCode(cause.type)) return error
  return new EngineRefused(cause.type, cause.details?.[0] ?? {})
}
