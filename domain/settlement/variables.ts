/**
 * Settlement variables (结算变量) and where each may be used: 「结算变量只能在它被授权的使用范围内被使用」 (Unicom 5.5).
 */
import type { Title } from '../title.ts'

export type SchemeKind = 'commission' | 'sharing'
/** special (特别), unified (统一; also of one agent), real-time (实时). */
export type Settlement = 'unified' | 'special' | 'real-time'
/** range: which agents; condition: which of their users; step: by what the steps go; basis: of what a share is taken. */
export type Use = 'range' | 'condition' | 'step' | 'basis'

/** Kinds of fee in a user record; a combination is a sum of some. */
export const feeKinds = ['rent', 'call', 'data', 'message', 'other'] as const
export type Fee = (typeof feeKinds)[number]

export interface Variable {
  title: Title
  /** Of what it is told: the user's record, or the agent. */
  of: 'user' | 'agent'
  /** text: one of a list; amount: fen; count; date; months. */
  type: 'text' | 'amount' | 'count' | 'date' | 'months'
  /** It takes a fee combination. */
  fees?: boolean
  kinds: readonly SchemeKind[]
  settlements: readonly Settlement[]
  uses: readonly Use[]
}

const both: readonly SchemeKind[] = ['commission', 'sharing']
const every: readonly Settlement[] = ['unified', 'special', 'real-time']

const variable = (zh: string, en: string, rest: Omit<Variable, 'title'>): Variable => ({ title: { zh, en }, ...rest })
const told = (of: Variable['of'], type: Variable['type'], uses: readonly Use[], rest: Partial<Variable> = {}) =>
  ({ of, type, uses, kinds: both, settlements: every, ...rest }) satisfies Omit<Variable, 'title'>

/** A volume is known once the period is over: an event at once can't be settled by it. */
const afterwards: readonly Settlement[] = ['unified', 'special']

export const variables = {
  fee: variable('费用组合', 'Fee combination', told('user', 'amount', ['condition', 'step', 'basis'], { fees: true })),
  'date-on-network': variable('入网日期', 'Date on network', told('user', 'date', ['condition'])),
  // a share of charges doesn't depend on how long somebody pays them
  'months-on-network': variable('在网月数', 'Months on network', told('user', 'months', ['condition', 'step'], { kinds: ['commission'] })),
  package: variable('套餐', 'Package', told('user', 'text', ['condition'])),
  'user-region': variable('用户地区', "User's region", told('user', 'text', ['condition'])),
  'agent-type': variable('代理商类型', 'Agent type', told('agent', 'text', ['range'])),
  'agent-level': variable('代理商级别', 'Agent level', told('agent', 'text', ['range'])),
  'agent-region': variable('代理商地区', "Agent's region", told('agent', 'text', ['range'])),
  'agent-users': variable(
    '代理商当期用户数',
    "Agent's users of the period",
    told('agent', 'count', ['step'], { kinds: ['commission'], settlements: afterwards }),
  ),
  'agent-fees': variable(
    '代理商当期费用',
    "Agent's fees of the period",
    told('agent', 'amount', ['step'], { fees: true, settlements: afterwards }),
  ),
} as const satisfies Record<string, Variable>

export type VariableId = keyof typeof variables

export const isVariable = (id: string): id is VariableId => Object.hasOwn(variables, id)
export const isFee = (id: string): id is Fee => (feeKinds as readonly string[]).includes(id)

/** The variable, without the narrowness of the table's literals. */
export const variableOf = (id: VariableId): Variable => variables[id]

export const feeTitles: Readonly<Record<Fee, Title>> = {
  rent: { zh: '月租费', en: 'rent' },
  call: { zh: '通话费', en: 'calls' },
  data: { zh: '数据费', en: 'data' },
  message: { zh: '短信费', en: 'messages' },
  other: { zh: '其他费', en: 'other' },
}
