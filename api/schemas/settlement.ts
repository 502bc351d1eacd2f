/** Agents, schemes, runs, bills and the ledger as they come in and go out. Money is fen. */
import { z } from 'zod'
import { feeKinds, variables } from '../../domain/settlement/variables.ts'
import { id, instant, line, names, page, paging, title } from './common.ts'
import { told } from './told.ts'

const fen = z.int().meta({ description: 'Fen.' })
const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, told('须为账期，例如 2026-10', 'a billing period such as 2026-10'))
const kind = z.enum(['commission', 'sharing'])
const day = z.iso.date()
const variable = z.enum(Object.keys(variables) as [keyof typeof variables, ...(keyof typeof variables)[]])
const fees = z.array(z.enum(feeKinds)).max(feeKinds.length)

// ── Agents ──
export const agentParams = z.strictObject({ id })
export const agentsQuery = z.strictObject({
  ...paging,
  q: line(100).min(1).optional(),
  department: id.optional(),
  status: z.enum(['active', 'suspended', 'left']).optional(),
})
export const agent = z
  .object({
    id: z.string(),
    no: z.string(),
    name: title,
    type: z.string(),
    level: z.object({ id: z.string(), name: title }),
    department: z.string(),
    region: z.string(),
    unit: z.string().nullable().meta({ description: "Unit of the agent's own people." }),
    contractNo: z.string().nullable(),
    status: z.string(),
  })
  .meta({ id: 'Agent' })
export const agentList = z.object({ items: z.array(agent), page, names })

export const choice = z
  .object({
    id: z.string(),
    kind,
    rank: z.enum(['first', 'substitute']),
    scheme: z.string(),
    schemeName: title,
    validFrom: day,
    validTo: day.nullable(),
    setBy: z.string(),
    setAt: instant,
  })
  .meta({ id: 'AgentScheme' })
export const agentWhole = agent
  .extend({
    bankAccount: z.string().nullable().meta({ description: 'All but the last four digits are hidden.' }),
    accounts: z.object({ deposit: fen, rebate: fen, prepaid: fen }),
    schemes: z.array(choice),
    names,
  })
  .meta({ id: 'AgentWhole' })
export const choiceIn = z
  .strictObject({
    kind: kind.default('commission'),
    rank: z.enum(['first', 'substitute']),
    scheme: id.meta({ description: 'A composite scheme with a released version.' }),
    validFrom: day,
    validTo: day.optional().meta({ description: 'Last day; left out: for good.' }),
  })
  .refine(
    ({ validFrom, validTo }) => validTo === undefined || validTo >= validFrom,
    told('不能早于 validFrom', 'not before validFrom', ['validTo']),
  )
  .meta({ id: 'AgentSchemeIn' })

// ── Schemes ──
const condition = z.strictObject({
  variable,
  fees: fees.optional(),
  is: z.enum(['in', 'not-in', 'at-least', 'below', 'from', 'before']),
  value: z.union([z.array(z.string().max(200)).max(500), z.number(), z.string().max(200)]),
})
const pay = z.union([z.strictObject({ fixed: z.number() }), z.strictObject({ basisPoints: z.number(), of: fees })])
const business = z.strictObject({
  nature: z.literal('business'),
  businessType: z.string().max(40),
  kind,
  settlements: z.array(z.enum(['unified', 'special', 'real-time'])).max(3),
  range: z.array(condition).max(50).default([]),
  conditions: z.array(condition).max(50).default([]),
  steps: z.strictObject({ variable, fees: fees.optional() }).optional(),
  tiers: z.array(z.strictObject({ from: z.number(), pay })).max(50),
  cap: z.number().optional(),
})
const composite = z.strictObject({ nature: z.literal('composite'), kind, schemes: z.record(z.string().max(40), id) })
export const businessSpec = business.meta({ id: 'BusinessScheme' })
const schemeSpec = z.discriminatedUnion('nature', [business, composite]).meta({ id: 'SchemeSpec' })

export const schemeParams = z.strictObject({
  id: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$/, told('只能用小写字母、数字和 -', 'small letters, digits and - only')),
})
export const schemesQuery = z.strictObject({ nature: z.enum(['business', 'composite']).optional(), kind: kind.optional() })
export const scheme = z
  .object({
    id: z.string(),
    nature: z.string(),
    kind,
    businessType: z.string().nullable(),
    name: title,
    released: z.int().nullable().meta({ description: 'Version in force.' }),
    draft: z.int().nullable(),
  })
  .meta({ id: 'Scheme' })
export const schemeList = z.object({ items: z.array(scheme) })
export const schemeVersion = z
  .object({
    version: z.int(),
    state: z.enum(['draft', 'released', 'withdrawn']),
    spec: z.unknown().meta({ description: 'As it was saved.' }),
    savedBy: z.string(),
    savedAt: instant,
    releasedBy: z.string().nullable(),
    releasedAt: instant.nullable(),
  })
  .meta({ id: 'SchemeVersion' })
export const schemeWhole = scheme.extend({ versions: z.array(schemeVersion), names }).meta({ id: 'SchemeWhole' })
export const schemeIn = z
  .strictObject({ name: z.strictObject({ zh: line(100).min(1), en: line(100).min(1) }), spec: schemeSpec })
  .meta({ id: 'SchemeIn' })
export const releaseIn = z.strictObject({ version: z.int().min(1) })
export const trialIn = z.strictObject({
  run: id.meta({ description: 'A run that is closed, on whose users it is tried.' }),
  spec: businessSpec.optional().meta({ description: 'Left out: the draft, or else what is in force.' }),
})
export const trial = z
  .object({
    run: z.string(),
    users: z.int(),
    before: fen,
    after: fen,
    difference: fen,
    items: z.array(z.object({ agent: z.string(), users: z.int(), before: fen, after: fen, difference: fen })),
  })
  .meta({ id: 'SchemeTrial' })
export const variableList = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      title,
      of: z.enum(['user', 'agent']),
      type: z.string(),
      fees: z.boolean(),
      kinds: z.array(kind),
      settlements: z.array(z.string()),
      uses: z.array(z.string()),
    }),
  ),
  fees: z.array(z.object({ id: z.string(), title })),
})

// ── Runs ──
export const runParams = z.strictObject({ id })
export const runsQuery = z.strictObject({
  ...paging,
  department: id.optional(),
  period: period.optional(),
  kind: kind.optional(),
  state: z.enum(['open', 'extracted', 'chosen', 'computing', 'computed', 'closed', 'stopped', 'replaced']).optional(),
})
export const run = z
  .object({
    id: z.string().meta({ description: 'That of its order.' }),
    no: z.int(),
    origin: z.string(),
    department: z.string(),
    period: z.string(),
    kind,
    replaces: z.string().nullable(),
    state: z.string(),
    wanted: z.enum(['run', 'pause', 'stop']),
    openedBy: z.string().nullable(),
    openedAt: instant,
    extractedAt: instant.nullable().meta({ description: 'The instant that is frozen.' }),
    closedAt: instant.nullable(),
    progress: z.object({
      total: z.int(),
      done: z.int(),
      rate: z.int().nullable().meta({ description: 'Rows a second.' }),
      leftMs: z.int().nullable(),
      at: instant.nullable(),
    }),
    users: z.int().nullable(),
    amount: fen.nullable(),
  })
  .meta({ id: 'SettlementRun' })
export const runList = z.object({ items: z.array(run), page, names })
export const runWhole = run
  .extend({
    bills: z.record(z.string(), z.object({ count: z.int(), amount: fen })).meta({ description: 'By state.' }),
    skipped: z.record(z.string(), z.int()).meta({ description: 'Agents left out, wholly or in part, by reason.' }),
    leftOut: z.int(),
    note: z.string().nullable(),
    names,
  })
  .meta({ id: 'SettlementRunWhole' })
export const wantedIn = z.strictObject({ wanted: z.enum(['run', 'pause', 'stop']) })
export const skipsQuery = z.strictObject({ ...paging, reason: line(40).optional() })
export const skipList = z.object({
  items: z.array(
    z.object({
      agent: z.string(),
      name: title.nullable(),
      businessType: z.string().nullable().meta({ description: 'Null: the whole agent.' }),
      reason: z.string(),
      users: z.int(),
    }),
  ),
  page,
})
export const differenceList = z.object({
  run: z.string(),
  replaces: z.string(),
  items: z.array(z.object({ agent: z.string(), before: fen.nullable(), after: fen.nullable(), difference: fen, paid: z.boolean() })),
})

// ── Bills ──
export const billParams = z.strictObject({ id: z.string().min(1).max(300) })
export const billStates = ['open', 'computed', 'settled', 'paid', 'proposed', 'void'] as const
export const billsQuery = z.strictObject({
  ...paging,
  agent: id.optional(),
  run: id.optional(),
  period: period.optional(),
  kind: kind.optional(),
  state: z.enum(billStates).optional(),
})
export const bill = z
  .object({
    id: z.string(),
    run: z.string(),
    agent: z.string(),
    agentName: title,
    period: z.string(),
    kind,
    special: z.boolean(),
    version: z.int(),
    state: z.enum(billStates),
    users: z.int(),
    amount: fen,
    adjusted: fen.meta({ description: 'Approved bonuses and fines.' }),
    difference: fen.nullable(),
    replacedBy: z.string().nullable(),
    confirmed: z.string().nullable(),
    settledAt: instant.nullable(),
  })
  .meta({ id: 'Bill' })
export const billList = z.object({ items: z.array(bill), page })
const ref = z.object({ id: z.string(), version: z.int() })
export const billWhole = bill
  .extend({
    parts: z.array(
      z.object({
        businessType: z.string(),
        rank: z.string(),
        composite: ref,
        scheme: ref.extend({ title }),
        volume: z.string().nullable(),
        tier: z.int().nullable(),
        users: z.int(),
        paid: z.int(),
        amount: fen,
      }),
    ),
    adjustments: z.array(
      z.object({
        id: z.string(),
        amount: fen,
        reason: z.string(),
        state: z.string(),
        proposedBy: z.string(),
        decidedBy: z.string().nullable(),
      }),
    ),
    payouts: z.array(
      z.object({
        id: z.string(),
        amount: fen,
        state: z.string(),
        attempt: z.int(),
        bankRef: z.string().nullable(),
        askedAt: instant,
        error: z.string().nullable(),
      }),
    ),
    corrections: z.array(z.object({ id: z.string(), direction: z.string(), amount: fen, reason: z.string(), state: z.string() })),
    names,
  })
  .meta({ id: 'BillWhole' })
export const billLine = z
  .object({
    user: z.string(),
    businessType: z.string(),
    tier: z.int(),
    basis: fen,
    amount: fen,
    explanation: z.array(title).meta({ description: 'One sentence for each step of the computation.' }),
    agrees: z.boolean().meta({ description: 'The slow reference comes to the same.' }),
  })
  .meta({ id: 'BillLine' })
export const linesQuery = z.strictObject(paging)
export const billLines = z.object({ items: z.array(billLine), page })

// ── Ledger ──
export const ledgerQuery = z.strictObject({ ...paging, account: z.enum(['deposit', 'rebate', 'prepaid']).optional() })
export const ledgerList = z.object({
  items: z.array(
    z
      .object({
        entry: z.string(),
        ref: z.string(),
        kind: z.string(),
        account: z.string(),
        amount: fen.meta({ description: 'Into the account (+) or out of it (−).' }),
        order: z.string().nullable(),
        memo: z.string().nullable(),
        at: instant,
      })
      .meta({ id: 'LedgerLine' }),
  ),
  page,
})
