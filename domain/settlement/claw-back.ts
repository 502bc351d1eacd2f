/** 补收 (P-63): from where it is taken. */

/** Sub-accounts (and `cash`), the first first. `in-turn` is all that the step may take from: what was paid too much, what the agent keeps here, last his deposit. */
export const clawBackSources = (step: string, from: string): readonly string[] =>
  from !== 'in-turn' ? [from] : step === 'deduct-later' ? ['rebate', 'prepaid', 'deposit'] : ['rebate', 'prepaid']
