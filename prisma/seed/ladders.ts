/** Ladders as rows: those that specifications name, and one for whatever waits to be dispatched or accepted. */
import { ladders as named, type LadderSpec } from '../../domain/processes/ladders.ts'
import { t } from '../../domain/processes/parts.ts'

/** Not taken prompts the taker and his superior, and the dispatcher, who may send it elsewhere (P-14); no word to the customer. */
const taking: LadderSpec = {
  title: t('派单接单', 'Dispatch and acceptance'),
  rungs: [
    { pct: 80, to: ['assignee'], template: 'limit-warning' },
    { pct: 100, to: ['assignee', 'superior', 'dispatcher'], template: 'limit-breach' },
    { pct: 150, to: ['next-superior'], template: 'limit-breach' },
    { pct: 200, to: ['vp-in-charge'], template: 'limit-breach' },
  ],
}

export const ladders: Readonly<Record<string, LadderSpec>> = { ...named, 'take-ticket': taking }
