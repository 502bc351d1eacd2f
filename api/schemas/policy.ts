/** Policies: what is data and not code, in versions. */
import { z } from 'zod'
import { dispatchModes, ruleKinds } from '../../domain/order/rules.ts'
import { boolParam, id, instant, instantIn, line, names, title } from './common.ts'
import { told } from './told.ts'

/** limits, ladders and authority have tables of their own; the others are rules. */
export const policyKinds = ['limits', 'ladders', 'authority', ...ruleKinds] as const
export type PolicyKind = (typeof policyKinds)[number]

const days = z.strictObject({ days: z.int().min(1).max(3650) })
const many = z.int().min(0).max(1_000_000_000_000)
const points = z.int().min(-100_000).max(100_000)

/** What a version says, by kind: all that can be changed. */
export const specs = {
  limits: z.strictObject({
    budget: z
      .string()
      .max(20)
      .nullable()
      .meta({ description: "'30m', '4h', '3WD'; null where a date of the order gives the due instant." }),
    calendar: z.string().min(1).max(60),
    ladder: z.string().min(1).max(60),
  }),
  ladders: z.strictObject({
    rungs: z
      .array(
        z.strictObject({
          pct: z.int().min(1).max(1000).meta({ description: 'Percent of the budget.' }),
          to: z.array(z.string().min(1).max(60)).min(1).max(20),
          template: z.string().min(1).max(60).optional(),
        }),
      )
      .min(1)
      .max(20),
  }),
  authority: z.strictObject({
    maxAmount: many.meta({ description: 'Fen.' }),
    maxTermMonths: z.int().min(0).max(1200),
    maxDiscountPct: z.number().min(0).max(100),
  }),
  dispatch: z.strictObject({ mode: z.enum(dispatchModes) }),
  screening: z.strictObject({ minCharges: many.meta({ description: 'Fen a month.' }), minMonths: z.int().min(0).max(1200) }),
  repeat: days,
  review: days,
  validity: days,
  credit: z.strictObject({
    start: points,
    onTime: points,
    arrears: points,
    restriction: points,
    blemish: points,
    redFrom: points,
    blackBelow: points,
    redLimit: many.meta({ description: 'Fen.' }),
    greyLimit: many.meta({ description: 'Fen.' }),
    blackLimit: many.meta({ description: 'Fen.' }),
  }),
  'late-payment': z.strictObject({ points: z.int().min(1).max(1_000_000) }),
} as const satisfies Record<PolicyKind, z.ZodType>

const common = {
  id: z.string(),
  title,
  version: z.int(),
  mark: z.string().nullable().meta({ description: 'given, inferred, default or demo: how sure the source documents are.' }),
  source: z.string().nullable().meta({ description: 'Where the value stands.' }),
  validFrom: instant,
  validTo: instant.nullable().meta({ description: 'When the next version takes over.' }),
  state: z.enum(['past', 'in-force', 'announced']),
  changedBy: z.string().nullable().meta({ description: 'Null for what came with the product.' }),
  note: z.string().nullable(),
}

const applies = z.object({
  for: z.enum(['dispatch', 'accept', 'complete', 'order']).meta({ description: 'Which clock: of a step, or (order) of the order.' }),
  process: z.string().nullable(),
  step: z.string().nullable(),
  clock: z.string().nullable(),
  productGroup: z.string().nullable(),
  product: z.string().nullable(),
  customerGrade: z.string().nullable(),
  circuitGrade: z.string().nullable(),
  tag: z.string().nullable(),
})
export type Applies = z.output<typeof applies>

const role = z.object({ role: z.string(), level: z.string() })
const rule = <const K extends Exclude<PolicyKind, 'limits' | 'ladders' | 'authority'>>(kind: K) =>
  z.object({ kind: z.literal(kind), ...common, spec: specs[kind] })

export const policy = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('limits'), ...common, applies, spec: specs.limits }),
    z.object({ kind: z.literal('ladders'), ...common, spec: specs.ladders }),
    z.object({ kind: z.literal('authority'), ...common, applies: role, spec: specs.authority }),
    rule('dispatch'),
    rule('screening'),
    rule('repeat'),
    rule('review'),
    rule('validity'),
    rule('credit'),
    rule('late-payment'),
  ])
  .meta({ id: 'Policy', description: 'A version of a policy. Null in `applies` matches anything.' })

export const policiesQuery = z.strictObject({
  kind: z.enum(policyKinds).default('limits'),
  process: id.optional().meta({ description: 'Only what names this process.' }),
  step: id.optional(),
  history: boolParam.meta({ description: 'All versions; otherwise those in force.' }),
})

export const policyList = z.object({ items: z.array(policy), names })

/** In an address, the stroke in `graded-fault/repair-fault` is written %2F. */
export const policyParams = z.strictObject({
  kind: z.enum(policyKinds),
  id: z
    .string()
    .min(1)
    .max(200)
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._:~-]*(\/[A-Za-z0-9][A-Za-z0-9._:~-]*)?$/,
      told('只能用字母、数字和 . _ : ~ -，最多一个 /', 'letters, digits and . _ : ~ - only, at most one /'),
    ),
})

export const policyVersions = z.object({ items: z.array(policy), names })

export const changeQuery = z.strictObject({ preview: boolParam.meta({ description: 'Only say what would change.' }) })

export const changeIn = z.strictObject({
  spec: z.record(z.string().max(60), z.unknown()).meta({ description: 'The whole of it, as `spec` in the answers of the kind.' }),
  validFrom: instantIn.optional().meta({ description: 'Not in the past, and after the latest version begins. Without: at once.' }),
  note: line(400)
    .refine((text) => text.trim() !== '', told('请说明原因', 'say why'))
    .meta({ description: 'Why; the history shows it.' }),
})

export const policyChange = z
  .object({
    preview: z.boolean(),
    policy,
    before: policy.nullable(),
    changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
    orders: z
      .object({
        count: z.int().meta({ description: 'Open orders that the policy concerns. None of them is changed.' }),
        items: z
          .array(
            z.object({
              id: z.string(),
              no: z.string().nullable(),
              title: z.string(),
              process: z.string(),
              region: z.string(),
              openedAt: instant,
              keeps: z.int().nullable().meta({ description: 'Version with which the order began, and which it keeps.' }),
            }),
          )
          .meta({ description: 'The latest that the caller may see.' }),
        more: z.boolean(),
      })
      .meta({ description: 'Open orders that the policy concerns.' }),
    names,
  })
  .meta({ id: 'PolicyChange' })
