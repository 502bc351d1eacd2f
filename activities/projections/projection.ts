/** Business records that outcomes leave behind ("Records written" in the catalogue), as statements of the move's own transaction. */
import type { OrderEvent } from '../../domain/order/event.ts'
import type { Fact } from '../../domain/order/spec.ts'
import type { OrderState, Task } from '../../domain/order/state.ts'
import type { Facts } from '../facts.ts'
import type { Statement } from '../write.ts'

/** An outcome of a step, with the states around the move. */
export interface Happening {
  event: Extract<OrderEvent, { type: 'task-completed' }>
  /** All events of the move, in order. */
  events: readonly OrderEvent[]
  task: Task
  form: Readonly<Record<string, Fact>>
  /** After the whole move. */
  after: OrderState
  facts: Facts
  /** The person who did it; the actor's id where it was no person. */
  doer: string
}

export interface Projected {
  statements: Statement[]
  /** Contract that the order is about from now on. */
  contract?: string
}

export type Projection = (happening: Happening) => Projected

/** A text of a form; longer ones are kept by digest (order_text), and the statement takes them from there. */
export const str = (value: Fact | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** A list of a form: ids of units, resources, customers. */
export const texts = (value: Fact | undefined): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : [])

/** A whole number of a form. */
export const whole = (value: Fact | undefined): number => (typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : 0)

/** SQL: the text itself, or the body that it names by digest (api/orders/texts.ts). */
export const bodyOf = (column: string): string =>
  `coalesce((SELECT x.body FROM order_text x WHERE ${column} LIKE 'digest:%' AND x.digest = substr(${column}, 8)), ${column})`

/** How often a step has had an outcome so far. */
export const times = ({ journal }: OrderState, step: string, outcome: string): number =>
  journal.filter((entry) => 'step' in entry && entry.step === step && entry.outcome === outcome).length
