/** Contracts and technical solutions: their versions, and what was said about each. */
import { z } from 'zod'
import { facts, id, instant, names, page, paging, title } from './common.ts'
import { attachment } from './order.ts'

export const documentParams = z.strictObject({ id })

export const contractStatuses = ['draft', 'countersigning', 'signed', 'void'] as const
export const contractsQuery = z.strictObject({ ...paging, customer: id.optional(), status: z.enum(contractStatuses).optional() })

export const solutionStatuses = ['drafted', 'approved', 'infeasible'] as const
export const solutionsQuery = z.strictObject({ ...paging, customer: id.optional(), status: z.enum(solutionStatuses).optional() })

const customer = z.object({ id: z.string(), no: z.string(), name: title })
const money = z.int().meta({ description: 'Fen.' })

const opinion = z
  .object({
    order: z.string(),
    task: z.string(),
    step: z.string(),
    title: title.meta({ description: 'Of the step; of the party, where several sign.' }),
    party: z.string().nullable(),
    answer: z.string().nullable().meta({ description: 'Answer of the party or outcome of the step; null: asked, and silent.' }),
    opinion: z.string().nullable(),
    by: z.string().nullable(),
    for: z.string().nullable().meta({ description: 'Absent colleague in whose place.' }),
    unit: z.string().nullable(),
    at: instant.nullable(),
    rule: z.string().nullable().meta({ description: 'Row and version of the authority table that allowed it.' }),
    form: facts,
  })
  .meta({ id: 'Opinion', description: 'What one person or party said about a version.' })

const files = z.array(attachment).meta({ description: 'Files that came for a step that drew up or looked at this version.' })

export const contract = z
  .object({
    id: z.string(),
    no: z.string(),
    customer,
    title: z.string(),
    status: z.enum(contractStatuses),
    amount: money,
    termMonths: z.int(),
    dueDate: z.iso.date().nullable().meta({ description: 'When construction must be done.' }),
    signedAt: instant.nullable(),
    archiveNo: z.string().nullable(),
  })
  .meta({ id: 'Contract' })

export const contractList = z.object({ items: z.array(contract), page })

export const contractDetail = contract
  .extend({
    activationClause: z.string().nullable(),
    compensationClause: z.string().nullable(),
    draftedBy: z.string().nullable(),
    services: z.array(z.object({ id: z.string(), no: z.string() })).meta({ description: 'Services under this contract, in sight.' }),
    versions: z.array(
      z.object({
        version: z.int(),
        order: z.string().nullable().meta({ description: 'Order that drafted it.' }),
        text: z.string(),
        amount: money,
        discountPct: z.number(),
        draftedBy: z.string(),
        at: instant,
        opinions: z.array(opinion).meta({ description: 'Countersign of business, lawyer and finance.' }),
        customerAnswers: z.array(opinion),
        approvals: z.array(opinion).meta({ description: 'Of the director or the leadership, with the authority rule that applied.' }),
        signing: z.array(opinion).meta({ description: 'Signature with the customer, and the archive.' }),
        files,
      }),
    ),
    names,
  })
  .meta({ id: 'ContractDetail' })

export const solution = z
  .object({
    id: z.string(),
    no: z.string(),
    order: z.string(),
    customer,
    title: z.string(),
    status: z.enum(solutionStatuses),
    class: z.string().nullable(),
    versions: z.int().meta({ description: 'How many there are.' }),
    validUntil: instant.nullable(),
    valid: z.boolean().meta({ description: 'Approved, and its validity has not passed.' }),
  })
  .meta({ id: 'Solution' })

export const solutionList = z.object({ items: z.array(solution), page })

export const solutionDetail = solution
  .omit({ versions: true })
  .extend({
    model: z.object({ id: z.string(), name: z.string() }).nullable(),
    versions: z.array(
      z.object({
        version: z.int(),
        target: z.string().nullable(),
        content: z.string(),
        amount: money.nullable(),
        draftedBy: z.string(),
        at: instant,
        verdict: z.string().nullable(),
        votes: z.array(opinion).meta({ description: 'Of technical, finance and the centre, and the decision.' }),
        shown: z.object({ at: instant, by: z.string().nullable() }).nullable().meta({ description: 'When the customer saw this version.' }),
        answer: z.object({ answer: z.string(), at: instant.nullable() }).nullable().meta({ description: 'What the customer said to it.' }),
        files,
      }),
    ),
    names,
  })
  .meta({ id: 'SolutionDetail' })
