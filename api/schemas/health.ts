/** What the comparison of record and engine found. */
import { z } from 'zod'
import { findingKindIds } from '../../domain/health/findings.ts'
import { instant } from './common.ts'

const text = z.object({ en: z.string(), zh: z.string() })

const finding = z
  .object({
    kind: z.enum(findingKindIds as [string, ...string[]]),
    order: z.string().meta({ description: 'The order, or the id of a workflow that the record knows nothing of.' }),
    detail: z.string(),
    since: instant.meta({ description: 'When it was found first.' }),
    repaired: z.boolean().meta({ description: 'Done by the machine; the next comparison shows whether it helped.' }),
    title: text,
    todo: text.meta({ description: 'What to do.' }),
  })
  .meta({ id: 'Finding' })

const gate = z
  .object({
    at: instant,
    ok: z.boolean(),
    version: z.string(),
    orders: z.int().meta({ description: 'Open orders that were looked at.' }),
    stand: z.int().meta({ description: 'Of these, those that stand where they stood.' }),
    moved: z.int(),
    refused: z.int(),
    histories: z.int().meta({ description: 'Histories that were replayed.' }),
    differ: z.int().meta({ description: 'Of these, those that went another way.' }),
  })
  .meta({ id: 'GateVerdict' })

export const findings = z
  .object({
    checkedAt: instant.nullable().meta({ description: 'Of the latest comparison; null where there was none.' }),
    tookMs: z.int().nullable(),
    looked: z.int().nullable().meta({ description: 'Orders and workflows that were compared.' }),
    repaired: z.int().nullable(),
    open: z.record(z.string(), z.int()).meta({ description: 'What is still to be done, by kind; also what is not listed one by one.' }),
    items: z.array(finding),
    gate: gate.nullable().meta({ description: 'The latest verdict of npm run gate.' }),
  })
  .meta({ id: 'Findings' })

export const reconciliationAsked = z.object({ askedAt: instant })
