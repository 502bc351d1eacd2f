/** Agents, schemes, runs and bills. */
import { agentOperations } from './agents.ts'
import { billOperations } from './bills.ts'
import { runOperations } from './runs.ts'
import { schemeOperations } from './schemes.ts'

export const settlementOperations = [...agentOperations, ...schemeOperations, ...runOperations, ...billOperations]
