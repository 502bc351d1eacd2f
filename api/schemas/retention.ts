/** Models, detection runs, campaigns and retention cases as they come in and go out. Money is fen. */
import { z } from 'zod'
import { contracts, MOST_HOLDOUT } from '../../domain/retention/campaign.ts'
import { valueClasses } from '../../domain/retention/profile.ts'
import { id, instant, line, names, page, paging, title } from './common.ts'
import { told } from './told.ts'

const fen = z.int().meta({ description: 'Fen.' })
const share = z.number().meta({ description: 'Between 0 and 1.' })
const counts = (description: string) => z.record(z.string(), z.int()).meta({ description })
const slug = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$/, told('只能用小写字母、数字和 -', 'small letters, digits and - only'))

// ── Models ──
export const modelParams = z.strictObject({ id: slug })
export const model = z
  .object({
    id: z.string(),
    version: z.int(),
    process: z.string(),
    kind: z.enum(['rules', 'scorecard']),
    state: z.enum(['draft', 'released', 'retired']),
    spec: z.unknown().meta({ description: 'Signals with thresholds, or points per attribute with the cut-off of each value class.' }),
    metrics: z.unknown().nullable().meta({ description: 'Of a scorecard: AUC, precision and recall on the third that it has not seen.' }),
    savedBy: z.string(),
    savedAt: instant,
    releasedBy: z.string().nullable(),
    releasedAt: instant.nullable(),
    retiredAt: instant.nullable(),
  })
  .meta({ id: 'RetentionModel' })
export const modelList = z.object({ items: z.array(model), names })
export const versionIn = z.strictObject({ version: z.int().min(1) })

// ── Detection runs ──
export const detectionParams = z.strictObject({ id })
export const detectionsQuery = z.strictObject({ ...paging, process: line(60).optional() })
export const detection = z
  .object({
    id: z.string().meta({ description: 'That of its order.' }),
    process: z.string(),
    models: z
      .array(z.object({ id: z.string(), version: z.int() }))
      .meta({ description: 'What judged; a campaign by its id with version 0.' }),
    looked: z.int(),
    alarmed: z.int(),
    opened: z.int(),
    heldBack: z.int(),
    at: instant,
  })
  .meta({ id: 'Detection' })
export const detectionWhole = detection
  .extend({
    byReason: counts('Alarms by the signal that raised them; one alarm may have several.'),
    byWhy: counts('Alarms that are held back, by why.'),
  })
  .meta({ id: 'DetectionWhole' })
export const detectionList = z.object({ items: z.array(detection), page })
export const alarmsQuery = z.strictObject({
  ...paging,
  state: z.enum(['opened', 'held-back']).optional(),
  why: z.enum(['open-case', 'quiet', 'capacity', 'no-manager', 'run-full']).optional(),
})
const about = z.object({ id: z.string(), no: z.string(), name: title })
const reason = z.object({ key: z.string(), zh: z.string(), en: z.string(), points: z.number().optional() })
export const alarm = z
  .object({
    id: z.string(),
    customer: about,
    manager: z.string().nullable(),
    points: z.int().nullable(),
    reasons: z.array(reason).meta({ description: 'Which signals and points raised it, in words.' }),
    state: z.string(),
    why: z.string().nullable().meta({ description: 'Why it is held back.' }),
    order: z.string().nullable().meta({ description: 'Case that it opened.' }),
  })
  .meta({ id: 'Alarm' })
export const alarmList = z.object({ items: z.array(alarm), page, names })

// ── Campaigns ──
export const campaignParams = z.strictObject({ id: slug })
const flags = z.array(line(40)).max(30)
export const campaignSpec = z
  .strictObject({
    target: z.strictObject({
      values: z.array(z.enum(valueClasses)).optional(),
      contracts: z.array(z.enum(contracts)).optional(),
      tenureFrom: z.number().optional(),
      tenureBelow: z.number().optional(),
      chargeFrom: z.number().optional().meta({ description: 'Fen a month.' }),
      chargeBelow: z.number().optional(),
      has: flags.optional(),
      hasNot: flags.optional(),
      alarmedWithin: z.number().optional().meta({ description: 'Days since a detection run alarmed him.' }),
    }),
    scheme: line(100),
    budget: fen,
    holdout: z
      .number()
      .default(1000)
      .meta({ description: `Basis points who get nothing, up to ${MOST_HOLDOUT}.` }),
    from: z.string().max(10),
    to: z.string().max(10),
  })
  .meta({ id: 'CampaignSpec' })
export const campaignIn = z
  .strictObject({ name: z.strictObject({ zh: line(100).min(1), en: line(100).min(1) }), spec: campaignSpec })
  .meta({ id: 'CampaignIn' })
export const campaignStates = ['draft', 'running', 'paused', 'stopped'] as const
export const campaign = z
  .object({
    id: z.string(),
    name: title,
    region: z.string(),
    state: z.enum(campaignStates),
    spec: campaignSpec,
    budget: fen,
    spent: fen.meta({ description: 'Reserved with schemes and final costs of closed cases; never above the budget.' }),
    savedBy: z.string(),
    savedAt: instant,
    startedBy: z.string().nullable(),
    startedAt: instant.nullable(),
  })
  .meta({ id: 'Campaign' })
export const campaignList = z.object({ items: z.array(campaign), names })
const arm = z.object({
  customers: z.int(),
  closed: z.int(),
  left: z.int(),
  stayed: share.nullable(),
  attempts: z.int(),
  positive: z.int().meta({ description: 'Contacts with a positive result.' }),
  results: counts('Contacts by their result.'),
  ends: counts('Cases that are over, by their end.'),
  days: z.number().nullable().meta({ description: 'Mean days from opening to end.' }),
  cost: fen,
})
export const campaignWhole = campaign
  .extend({
    treated: arm,
    holdout: arm,
    uplift: z
      .object({ difference: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .meta({ description: 'Share that stayed less that of the holdout, with its 95 % interval (Newcombe); null while a group is empty.' }),
    names,
  })
  .meta({ id: 'CampaignWhole' })
export const moveIn = z.strictObject({ to: z.enum(['running', 'paused', 'stopped']) })

// ── Cases ──
export const casesQuery = z.strictObject({
  ...paging,
  campaign: slug.optional(),
  customer: id.optional(),
  open: z.enum(['true', 'false']).optional(),
})
export const retentionCase = z
  .object({
    order: z.string(),
    no: z.string().nullable(),
    customer: about,
    campaign: z.string().nullable(),
    openedAt: instant,
    closedAt: instant.nullable(),
    end: z.string().nullable(),
    cost: fen.nullable(),
  })
  .meta({ id: 'RetentionCase' })
export const caseList = z.object({ items: z.array(retentionCase), page })
