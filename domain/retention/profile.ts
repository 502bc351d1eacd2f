/** What is known of a customer as a user of services: the attributes that scorecards (P-34 rule 4) look at. Pure. */
import type { Title } from '../title.ts'

export const contracts = ['month-to-month', 'one-year', 'two-year'] as const
export type ContractKind = (typeof contracts)[number]
export const payments = ['electronic-check', 'mailed-check', 'bank-transfer', 'credit-card'] as const
export type PaymentMode = (typeof payments)[number]
export const valueClasses = ['high', 'mid', 'low'] as const
export type ValueClass = (typeof valueClasses)[number]

/** Services and marks that a customer has or has not. */
export const flags = {
  phone: { zh: '固话', en: 'phone' },
  'multiple-lines': { zh: '多线', en: 'several lines' },
  dsl: { zh: 'DSL 宽带', en: 'DSL' },
  fiber: { zh: '光纤宽带', en: 'fibre' },
  'online-security': { zh: '网络安全', en: 'online security' },
  'online-backup': { zh: '网络备份', en: 'online backup' },
  'device-protection': { zh: '设备保障', en: 'device protection' },
  'tech-support': { zh: '技术支持', en: 'technical support' },
  'streaming-tv': { zh: '网络电视', en: 'streaming TV' },
  'streaming-movies': { zh: '网络电影', en: 'streaming films' },
  paperless: { zh: '电子账单', en: 'paperless bills' },
  senior: { zh: '老年客户', en: 'senior citizen' },
  partner: { zh: '有伴侣', en: 'partner' },
  dependents: { zh: '有家属', en: 'dependents' },
} as const satisfies Readonly<Record<string, Title>>
export type Flag = keyof typeof flags
export const isFlag = (name: string): name is Flag => Object.hasOwn(flags, name)

export interface Profile {
  tenureMonths: number
  contract: ContractKind
  payment: PaymentMode
  flags: readonly Flag[]
  /** Fen. */
  monthlyCharge: number
  /** Fen, since he came. */
  totalCharge: number
  valueClass: ValueClass
}

/** Fen a month from which a customer counts as of high and of middle value (default). */
export const VALUE_FROM = { high: 8_000, mid: 4_500 } as const

export const valueClassOf = (monthlyCharge: number): ValueClass =>
  monthlyCharge >= VALUE_FROM.high ? 'high' : monthlyCharge >= VALUE_FROM.mid ? 'mid' : 'low'

export const contractTitles: Readonly<Record<ContractKind, Title>> = {
  'month-to-month': { zh: '按月合同', en: 'month-to-month contract' },
  'one-year': { zh: '一年合同', en: 'one-year contract' },
  'two-year': { zh: '两年合同', en: 'two-year contract' },
}
export const paymentTitles: Readonly<Record<PaymentMode, Title>> = {
  'electronic-check': { zh: '电子支票付款', en: 'pays by electronic check' },
  'mailed-check': { zh: '邮寄支票付款', en: 'pays by mailed check' },
  'bank-transfer': { zh: '银行自动转账', en: 'pays by bank transfer' },
  'credit-card': { zh: '信用卡自动付款', en: 'pays by credit card' },
}
export const valueTitles: Readonly<Record<ValueClass, Title>> = {
  high: { zh: '高价值', en: 'high-value' },
  mid: { zh: '中价值', en: 'middle-value' },
  low: { zh: '低价值', en: 'low-value' },
}
