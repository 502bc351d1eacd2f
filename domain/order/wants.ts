/** What a field wants to be given, in both languages: the same sentences for the forms of orders and for what the door reads. */
import type { Title } from '../title.ts'

export const wants = {
  yesOrNo: { zh: '须为是或否', en: 'must be true or false' },
  text: { zh: '须为文本', en: 'must be a text' },
  list: { zh: '须为编号列表', en: 'must be a list of ids' },
  instant: { zh: '须为时间', en: 'must be an instant in milliseconds' },
  money: { zh: '须为整数分，不能为负', en: 'must be a whole number of fen, not negative' },
  numberUpTo: (max: number | undefined): Title =>
    max === undefined
      ? { zh: '须为不小于 0 的数', en: 'must be a number from 0 to any' }
      : { zh: `须为 0 至 ${max} 的数`, en: `must be a number from 0 to ${max}` },
  atMostLong: (max: number): Title => ({ zh: `最多 ${max} 个字`, en: `must have at most ${max} characters` }),
  like: (example: string): Title => ({ zh: `格式不正确，例如 ${example}`, en: `must look like ${example}` }),
  mustBeOneOf: (values: readonly string[]): Title => ({
    zh: `须为其中之一：${values.join(', ')}`,
    en: `must be one of ${values.join(', ')}`,
  }),
  chooseOneOf: (values: readonly string[]): Title => ({ zh: `请从中选择：${values.join(', ')}`, en: `choose one of ${values.join(', ')}` }),
  chooseFrom: (values: readonly string[]): Title => ({
    zh: `可选：${values.join(', ')}`,
    en: `choose from ${values.join(', ')}`,
  }),
  /** By the rule of the authority table that applies. */
  nextLevel: (rule: string): Title => ({
    zh: `超出授权权限（规则 ${rule}），请选择上报`,
    en: `over the authority that rule ${rule} gives: choose the outcome for the next level`,
  }),
  ownDecision: (rule: string): Title => ({
    zh: `在授权范围内（规则 ${rule}），请自行审批`,
    en: `within the authority that rule ${rule} gives: decide it yourself`,
  }),
} as const satisfies Record<string, Title | ((...of: never[]) => Title)>
