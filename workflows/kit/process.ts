/** A process is a specification and a body. The body reads like the flowchart and talks to nothing but its order. */
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'

type Facts = Readonly<Record<string, Fact>>
export type StepId<S extends ProcessSpec> = keyof S['steps'] & string
export type OutcomeOf<S extends ProcessSpec, K extends StepId<S>> = keyof S['steps'][K]['outcomes'] & string
export type EndOf<S extends ProcessSpec> = keyof S['ends'] & string

/** What a body may do. Nothing here has a clock, a database or chance in it: where a body stands follows from its journal. */
export interface Order<S extends ProcessSpec> {
  readonly id: string
  /** As given at the start; never changes. */
  readonly input: Facts
  /** Opens the step and waits for its outcome. `key` tells parallel openings of one step apart. */
  step<K extends StepId<S>>(step: K, options?: { key?: string }): Promise<OutcomeOf<S, K>>
  /** As `step`, with what the form said. */
  form<K extends StepId<S>>(step: K, options?: { key?: string }): Promise<{ outcome: OutcomeOf<S, K>; data: Facts }>
  /** Runs another process as a child order and waits for its end. */
  child(process: string, options: { key: string; customer?: string; input?: Facts }): Promise<string>
  /** Opens an order of another process beside this one, and goes on. */
  start(process: string, options: { key: string; customer?: string; input?: Facts }): void
  /** The branch that ends first decides; what the others had open is cancelled. */
  first<T>(...branches: ((order: Order<S>) => Promise<T>)[]): Promise<T>
  /** From here on a withdrawal undoes this, latest first. */
  undo(effect: string, args?: Facts): void
}

export type Body<S extends ProcessSpec> = (order: Order<S>) => Promise<EndOf<S>>

export interface Process {
  spec: ProcessSpec
  body: (order: Order<ProcessSpec>) => Promise<string>
}

/** Binds a body to its specification: an unknown step, a misspelt outcome or an unlisted end does not compile. */
export const process = <const S extends ProcessSpec>(spec: S, body: Body<S>): Process => ({
  spec,
  body,
})
