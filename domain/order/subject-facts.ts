/** What an order knows of its customer and his service: frozen at its start, and never another customer's. */
import type { Fact } from './spec.ts'

export const SUBJECT_FACTS: readonly string[] = [
  'customerGrade',
  'tags',
  'accountManager',
  'service',
  'product',
  'productGroup',
  'skill',
  'circuitGrade',
  'site',
  'contract',
  'contractClause',
  // Of a run over many: whom it found, and why each.
  'customers',
  'reasons',
]

/** Facts that an order about another customer may begin with. */
export const withoutSubject = (facts: Readonly<Record<string, Fact>>): Readonly<Record<string, Fact>> =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !SUBJECT_FACTS.includes(name)))
