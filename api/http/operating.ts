/** What an operator watches at the door: refusals, what is under way, what waits longer than it should, the engine's queues. */
import type { Response } from 'express'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Deps } from '../deps.ts'
import type { QueueFigures } from '../engine-queue.ts'
import { Kept, readLag } from '../queries/lag.ts'
import type { Load } from './load.ts'

/** @returns counts an answer, once it has been given */
export function operatingMetrics(registry: Registry, deps: Deps, load: Load): (res: Response) => void {
  const registers = [registry]
  const refusals = new Counter({
    name: 'paidan_refusals_total',
    help: 'Requests answered with a problem, by its code.',
    labelNames: ['code'],
    registers,
  })
  const commands = new Counter({
    name: 'paidan_commands_total',
    help: 'Commands to orders by type and how they were answered: done, refused, late (202), failed (5xx).',
    labelNames: ['command', 'answer'],
    registers,
  })
  new Gauge({
    name: 'paidan_requests_under_way',
    help: 'Requests being answered, live streams not among them.',
    registers,
    collect() {
      this.set(load.underWay)
    },
  })
  new Gauge({
    name: 'paidan_requests_limit',
    help: 'Requests under way above which newcomers are refused.',
    registers,
    collect() {
      this.set(deps.config.MAX_REQUESTS)
    },
  })
  new Gauge({
    name: 'paidan_draining',
    help: '1 while this process goes down.',
    registers,
    collect() {
      this.set(deps.draining() ? 1 : 0)
    },
  })
  lagGauges(registry, deps)
  queueGauges(registry, deps)
  return ({ locals, statusCode }) => {
    if (typeof locals.problem === 'string') refusals.inc({ code: locals.problem })
    if (typeof locals.command === 'string') commands.inc({ command: locals.command, answer: answerOf(statusCode) })
  }
}

const answerOf = (status: number): string => (status === 202 ? 'late' : status < 300 ? 'done' : status < 500 ? 'refused' : 'failed')

/** From the record, so that every process tells the same; where it does not answer, that is told. */
function lagGauges(registry: Registry, deps: Deps): void {
  const lag = new Kept((now) => readLag(deps.pool, now))
  const look = () => lag.read(deps.now()).catch(() => undefined)
  upGauge(registry, 'paidan_record_up', 'the record', look)
  new Gauge({
    name: 'paidan_waiting_seconds',
    help: 'Age of the oldest message that has not been sent, by kind; 0 where none waits.',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { kind, seconds } of (await look())?.waiting ?? []) this.set({ kind }, seconds)
    },
  })
  new Gauge({
    name: 'paidan_timer_lag_seconds',
    help: 'How long ago the most overdue clock of an open order should have been heard; 0 where none is overdue.',
    registers: [registry],
    async collect() {
      this.reset()
      const figures = await look()
      if (figures) this.set(figures.timer)
      else this.remove()
    },
  })
}

const upGauge = (registry: Registry, name: string, what: string, look: () => Promise<unknown>) =>
  new Gauge({
    name,
    help: `1 when ${what} answers.`,
    registers: [registry],
    async collect() {
      this.set((await look()) === undefined ? 0 : 1)
    },
  })

/** From the engine; where it does not answer there is nothing to tell, and that is told. */
function queueGauges(registry: Registry, deps: Deps): void {
  const queues = new Kept(() => deps.engine.queues())
  const look = () => queues.read(deps.now()).catch(() => undefined)
  upGauge(registry, 'paidan_engine_up', 'the engine', look)
  const gauge = (name: string, help: string, value: (queue: QueueFigures) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['kind'],
      registers: [registry],
      async collect() {
        this.reset()
        for (const queue of (await look()) ?? []) this.set({ kind: queue.kind }, value(queue))
      },
    })
  gauge('paidan_queue_backlog', 'Tasks that wait for a worker, by kind.', ({ backlog }) => backlog)
  gauge('paidan_queue_age_seconds', 'How long the oldest of them waits.', ({ ageSeconds }) => ageSeconds)
  gauge('paidan_queue_workers', 'Workers that have asked for tasks lately, by kind.', ({ workers }) => workers)
}
