/** What people ask of an order. One closed union, one update of the workflow. */
import type { Actor } from './event.ts'
import type { Fact } from './spec.ts'

export type CommandBody =
  | { type: 'dispatch'; task: string; unit?: string; person?: string; reason?: string }
  | { type: 'accept'; task: string }
  | { type: 'refuse'; task: string; reason: string }
  | { type: 'complete'; task: string; outcome: string; form?: Readonly<Record<string, Fact>>; note?: string }
  | { type: 'return'; task: string; reason: string }
  | { type: 'reassign'; task: string; unit?: string; person?: string; reason: string }
  | { type: 'suspend'; task: string; reason: string; party: 'customer' | 'vendor' | 'own' | 'third-party'; until?: number }
  | { type: 'resume'; task: string; reason?: string }
  | { type: 'urge'; task?: string; note?: string }
  | { type: 'comment'; text: string; task?: string; told?: 'customer'; mentions?: readonly string[] }
  | { type: 'set-priority'; priority: number; reason?: string }
  | { type: 'sign'; task: string; party: string; answer: string; opinion?: string }
  | { type: 'add-signer'; task: string; party: string; roles: readonly string[]; person?: string; mandatory?: boolean }
  | { type: 'remove-signer'; task: string; party: string; reason: string }
  | { type: 'withdraw'; reason: string }
  | { type: 'extend'; clock: string; by: number; reason: string }
  | { type: 'ask-extension'; task: string; clock: string; by: number; reason: string }
  | { type: 'grant-extension'; task: string }
  | { type: 'deny-extension'; task: string; reason: string }
  | { type: 'raise'; reason: string }
  | { type: 'amend'; facts: Readonly<Record<string, Fact>>; reason: string }

export type CommandType = CommandBody['type']

export const commandTypes = [
  'dispatch',
  'accept',
  'refuse',
  'complete',
  'return',
  'reassign',
  'suspend',
  'resume',
  'urge',
  'comment',
  'set-priority',
  'sign',
  'add-signer',
  'remove-signer',
  'withdraw',
  'extend',
  'ask-extension',
  'grant-extension',
  'deny-extension',
  'raise',
  'amend',
] as const satisfies readonly CommandType[]

/** A command with who gives it, its id (the client's Idempotency-Key) and, if the client named one, the version it was decided on. */
export type Command = CommandBody & { id: string; actor: Actor; expect?: number }
