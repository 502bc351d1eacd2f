/** The credit model (P-31): points by what happened, a class and a limit by points. Its numbers are a rule, versioned data. Pure. */
export const creditClasses = ['red', 'grey', 'black'] as const
export type CreditClass = (typeof creditClasses)[number]

/** Numbers of the model, as the rule `credit` holds them. Points; limits in fen. */
export interface CreditModel {
  start: number
  /** For each bill paid in time, within the last year. */
  onTime: number
  /** For each bill that went to dunning, within the last year; negative. */
  arrears: number
  /** For each time that service was restricted, within the last year; negative. */
  restriction: number
  /** For a blemish that the order names; negative. */
  blemish: number
  redFrom: number
  blackBelow: number
  redLimit: number
  greyLimit: number
  blackLimit: number
}

/** What is known of a paying account. */
export interface CreditFactors {
  onTime: number
  arrears: number
  restrictions: number
  blemish: boolean
}

export interface Rated {
  points: number
  creditClass: CreditClass
  creditLimit: number
  grounds: string
}

/** Class and limit of an account, and in words why. */
export function rate(model: CreditModel, { onTime, arrears, restrictions, blemish }: CreditFactors): Rated {
  const parts: [string, number][] = [
    ['start 起评', model.start],
    [`${onTime} paid in time 按时缴费`, onTime * model.onTime],
    [`${arrears} in arrears 欠费`, arrears * model.arrears],
    [`${restrictions} restricted 停机`, restrictions * model.restriction],
    ['blemish 不良记录', blemish ? model.blemish : 0],
  ]
  const points = parts.reduce((sum, [, part]) => sum + part, 0)
  const creditClass = points >= model.redFrom ? 'red' : points < model.blackBelow ? 'black' : 'grey'
  const creditLimit = { red: model.redLimit, grey: model.greyLimit, black: model.blackLimit }[creditClass]
  const said = parts.filter(([, part]) => part !== 0).map(([word, part]) => `${word} ${part > 0 ? '+' : ''}${part}`)
  return { points, creditClass, creditLimit, grounds: `${said.join('; ')} = ${points}` }
}
