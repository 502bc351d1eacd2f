/** Loaded once for all orders of a worker (worker/bundle.ts): what has no state of its own. */
import { processes } from '../processes.ts'
import { Machine } from './machine.ts'

export const shared = { processes, Machine }
