/** What is known of a demand from its first hour on; the processes of the order route hand it to one another. */
import { field, LONG_TEXT } from './parts.ts'

export const demand = field('text', '客户需求', "Customer's demand", { max: LONG_TEXT })
export const wantedDate = field('instant', '希望开通时间', 'Wanted date')

export const demandFields = {
  demand,
  product: field('text', '产品', 'Product', { max: 100 }),
  wantedDate,
  contactPerson: field('text', '联系人', 'Contact person', { max: 100, personal: true }),
  contactPhone: field('text', '联系电话', 'Phone', { max: 40, personal: true }),
  address: field('text', '地址', 'Address', { max: 200, personal: true }),
  siteA: field('text', 'A端地址', 'Site A', { max: 200, personal: true }),
  siteZ: field('text', 'Z端地址', 'Site Z', { max: 200, personal: true }),
}

/** Names of the facts that travel with a demand. */
export const demandFacts = Object.keys(demandFields)

/** A solution as the customer and the contract refer to it. */
export const solutionFacts = ['solution', 'solutionVersion', 'solutionValidUntil'] as const
