/** Facts of a complaint and of a suggestion, wherever they are opened. */
import type { FieldSpec } from '../order/spec.ts'
import { choice, field, LONG_TEXT } from './parts.ts'

export const complaintFields = {
  businessCategory: field('text', '业务类别', 'Business category', { max: 100 }),
  category: choice('投诉类别', 'Complaint category', 'charge', 'network', 'service', 'business-handling', 'other'),
  number: field('text', '投诉号码', 'Number complained about', { max: 40 }),
  complainant: field('text', '投诉人', 'Complainant', { max: 100, personal: true }),
  raisedAt: field('instant', '投诉时间', 'Time of the complaint'),
  homeRegion: field('text', '归属地区', 'Home region', { max: 100 }),
  content: field('text', '投诉内容', 'Content', { max: LONG_TEXT }),
  latestHandling: field('instant', '工单要求处理的最后时限', 'Latest handling time demanded by the ticket'),
} satisfies Record<string, FieldSpec>

export const suggestionFields = {
  raisedAt: field('instant', '提出时间', 'Time of the suggestion'),
  content: field('text', '建议内容', 'Content', { max: LONG_TEXT }),
  product: field('text', '产品', 'Product', { max: 100 }),
} satisfies Record<string, FieldSpec>

const { raisedAt: _at, content: _what, ...ofComplaint } = complaintFields
const withComplaint = (fields: Readonly<Record<string, FieldSpec>>): Record<string, FieldSpec> =>
  Object.fromEntries(Object.entries(fields).map(([name, spec]) => [name, { ...spec, requiredWith: 'openComplaint' }]))

/** Fields by which somebody opens a complaint or a suggestion out of another process. */
export const openComplaintForm = {
  openComplaint: field('boolean', '发起投诉工单', 'Open a complaint'),
  openSuggestion: field('boolean', '发起建议工单', 'Open a suggestion'),
  content: field('text', '投诉或建议内容', 'Complaint or suggestion', {
    max: LONG_TEXT,
    requiredWith: ['openComplaint', 'openSuggestion'],
  }),
  raisedAt: field('instant', '提出时间', 'When it was raised', { requiredWith: ['openComplaint', 'openSuggestion'] }),
  product: { ...suggestionFields.product, requiredWith: 'openSuggestion' },
  ...withComplaint(ofComplaint),
} satisfies Record<string, FieldSpec>
