/** The documented step tables of the processes that are built (catalogue, part of every release's test data). */
import { readFileSync } from 'node:fs'

export interface DocumentedStep {
  id: string
  zh: string
  roles: string
  outcomes: { outcome: string; next: string; end: boolean }[]
  limit: string
  mapping: string
  child?: string
}

export interface DocumentedProcess {
  no: string
  id: string
  title: string
  zh: string
  steps: DocumentedStep[]
}

export const documented = JSON.parse(
  readFileSync(new URL('../../data/catalogue-steps.json', import.meta.url), 'utf8'),
) as DocumentedProcess[]

/** Outcome → where it may lead, one line each, sorted: two tables are equal when these are. */
export const routes = (steps: readonly Pick<DocumentedStep, 'id' | 'outcomes'>[]): string[] =>
  steps.flatMap(({ id, outcomes }) => outcomes.map(({ outcome, next, end }) => `${id} = ${outcome} → ${end ? `END ${next}` : next}`)).sort()
