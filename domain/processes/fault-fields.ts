/** Facts of a fault, whichever process handles it. */
import type { FieldSpec } from '../order/spec.ts'
import { choice, field, must } from './parts.ts'

const fields = {
  service: field('text', '电路/业务', 'Circuit or service', { max: 100 }),
  symptom: field('text', '故障现象', 'Symptom'),
  occurredAt: field('instant', '故障发生时间', 'Time of occurrence'),
  reporter: field('text', '报障人', 'Reporter', { max: 100, personal: true }),
  reporterPhone: field('text', '报障人电话', "Reporter's phone", { max: 40, personal: true }),
} satisfies Record<string, FieldSpec>

/** P-12 and P-13: what a report must bring. */
export const levelFaultInput = {
  service: must(fields.service),
  symptom: must(fields.symptom),
  occurredAt: must(fields.occurredAt),
  reporter: must(fields.reporter),
  reporterPhone: must(fields.reporterPhone),
  channel: must(choice('受理渠道', 'Receiving channel', '1001', 'key-account-centre', 'hotline', 'other')),
}

/** P-14: one of three sources reports. */
export const gradedFaultInput = {
  service: must(fields.service),
  symptom: must(fields.symptom),
  occurredAt: fields.occurredAt,
  reporter: must(fields.reporter),
  reporterPhone: fields.reporterPhone,
  channel: field('text', '受理渠道', 'Receiving channel', { max: 100 }),
  source: must(choice('报障来源', 'Source', '10000+9', 'account-manager', 'monitoring')),
}

/** Fields by which somebody opens a fault ticket out of another process. */
export const openFaultForm = {
  openFault: field('boolean', '发起故障工单', 'Open a fault ticket'),
  service: { ...fields.service, requiredWith: 'openFault' },
  symptom: { ...fields.symptom, requiredWith: 'openFault' },
  reporter: { ...fields.reporter, requiredWith: 'openFault' },
  reporterPhone: fields.reporterPhone,
  occurredAt: fields.occurredAt,
}

/** What the start of an order adds about the service: it decides limits, candidates and compensation. */
export const serviceFacts = ['product', 'productGroup', 'customerGrade', 'circuitGrade', 'tags', 'site', 'contract', 'skill'] as const

/** Facts that another fault process takes over. */
export const faultFacts = [...Object.keys(fields), ...serviceFacts] as readonly string[]
