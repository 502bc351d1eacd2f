/** Which steps draw up a document and which look at it: opinions, votes and files belong to the version that was before their authors. */

export interface DocumentSteps {
  /** Each time this step has this outcome there is a new version, numbered from 1. */
  drawnUpBy: string
  outcome: string
  /** Steps that look at the version drawn up last. */
  reviewedBy: readonly string[]
}

/** By process: the contract of P-04, the technical solution of P-03. */
export const documents: Readonly<Record<string, DocumentSteps>> = {
  'contract-countersign': {
    drawnUpBy: 'draft-contract',
    outcome: 'drafted',
    reviewedBy: [
      'countersign-business',
      'countersign-finance',
      'customer-review',
      'director-review',
      'leadership-approve',
      'sign-contract',
      'archive-contract',
    ],
  },
  'solution-argumentation': {
    drawnUpBy: 'draft-solution',
    outcome: 'drafted',
    reviewedBy: ['argue-solution', 'decide-argued', 'archive-solution'],
  },
}

/**
 * The version that a task is about, or null where its step is about none.
 * @param before how often the document had been drawn up when the task was opened
 */
export function versionOf(process: string, step: string, before: number): number | null {
  const steps = Object.hasOwn(documents, process) ? documents[process] : undefined
  if (step === steps?.drawnUpBy) return before + 1
  return steps?.reviewedBy.includes(step) && before > 0 ? before : null
}
