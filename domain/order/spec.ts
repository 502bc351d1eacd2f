/**
 * What a process is, as plain data. The specification says which steps there are, who does them and within which limit;
 * the body (workflows/) says which step comes next.
 */
import type { RoleId } from '../roles.ts'
import type { Title } from '../title.ts'

/** How sure the source documents are of a value (catalogue 0.1); `demo` marks limits that exist only to be watched. */
export type Mark = 'given' | 'inferred' | 'default' | 'demo'

/** Seed of a policy row. The running system reads the row, never this value. */
export interface LimitSpec {
  /** As the document writes it, e.g. 半天. */
  text: string
  /** In the notation of domain/calendar/duration: '30m', '4h', '2WD'. Absent where policy rows or `dueFact` give it. */
  budget?: string
  calendar: 'C' | 'W'
  mark: Mark
  ladder?: string
  /** Journal marks ('step' or 'step=outcome') from whose latest the clock runs; without, from the opening of the task. */
  from?: readonly string[]
  /** The due instant is the fact of this name (epoch ms), plus the budget: an agreed date, a contract's due date. */
  dueFact?: string
  /** The fact of this name (epoch ms), where it is nearer than the limit and not past yet, is when it is due instead. */
  notAfter?: string
  /** Policy rows for particular products, grades and tags; the one with most conditions met holds, before the budget above. */
  rows?: readonly LimitRow[]
}

/** A limit for the orders whose facts meet every condition that the row names. */
export interface LimitRow {
  product?: string
  productGroup?: string
  customerGrade?: string
  circuitGrade?: string
  tag?: string
  /** As the document writes it. */
  text: string
  budget: string
  calendar: 'C' | 'W'
  mark: Mark
  ladder?: string
}

export type FieldType =
  | 'text'
  | 'number'
  | 'money'
  | 'instant'
  | 'boolean'
  | 'choice'
  | 'unit'
  | 'person'
  | 'file'
  | 'customers'
  | 'units'
  | 'resources'
  | 'agent'
  | 'agents'
  | 'texts'

export interface FieldSpec {
  title: Title
  type: FieldType
  required?: boolean
  /** Required once the field of this name is true, or one of these. */
  requiredWith?: string | readonly string[]
  choices?: readonly string[]
  /** Longest text, or largest number. */
  max?: number
  /** Regular expression that the whole text meets, with an example for who fills it in. */
  matches?: { pattern: string; example: string }
  /** Personal data of the customer's people: sealed with the customer's key, so that it can be erased. Texts only. */
  personal?: true
  /** Only a supervisor may give it (facts of a start). */
  by?: 'supervisor'
}

/** Something that must be true of the order's facts (with the form's) for an outcome to be given. */
export interface Condition {
  fact: string
  /** Equal to this value. */
  is?: Fact
  /** Equal to the fact of this name. */
  equals?: string
  /** An instant that is not past, where the fact is there at all. */
  notPast?: true
  /** A list that has this among its items. */
  has?: string
  /** Asked only where the fact of this name is true, or only where it is not. */
  when?: string
  unless?: string
  /** What is wrong and what to do, where it does not hold. */
  otherwise: Title
}

export interface OutcomeSpec {
  title: Title
  form?: Readonly<Record<string, FieldSpec>>
  /** After this outcome an order can't be withdrawn any more (catalogue 0.3 CAN). */
  irreversible?: boolean
  /** Effects that can't be undone any more from here on: a signed contract is not voided. */
  settles?: readonly string[]
  /** All must hold; without `is`, `equals`, `notPast` and `has` the fact must be there. */
  requires?: readonly Condition[]
  /** A waiting parent is told this end already; the order itself goes on beside it (P-05: settlement). */
  release?: string
}

/** One party of a joint step. */
export interface PartySpec {
  id: string
  title: Title
  who: readonly RoleId[]
  /** The answers that this party may give. */
  answers: readonly string[]
  /** Without its answer there is no outcome, whatever the quorum. */
  mandatory?: boolean
}

/**
 * A step of several signatures. Rules are looked at in order when all asked parties have answered; a rule marked `early` also as
 * soon as one answer meets it (a veto). `else` is the outcome when no rule meets.
 */
export interface JointSpec {
  parties: readonly PartySpec[]
  order: 'parallel' | 'in-turn'
  /** Keep the answers as facts: `${party}Vote`. */
  votes?: true
  rules: readonly { party?: string; answer: string; outcome: string; early?: boolean }[]
  /** Answers equal to `answer` that suffice for `outcome`, once every mandatory party has answered. */
  quorum?: { answer: string; count: number; outcome: string }
  else: string
}

export type Expiry =
  | { effect: 'mark' }
  /** Silence means this outcome; recorded as the clock's. */
  | { effect: 'outcome'; outcome: string }
  /** The task climbs to these roles. */
  | { effect: 'reroute'; to: readonly RoleId[] }

/** Who is told, when a step opens or has an outcome. */
export interface NotifySpec {
  on: 'open' | (string & {})
  to: Recipient
  template: string
}

export type Recipient = 'assignee' | 'dispatcher' | 'responsible' | 'superior' | 'next-superior' | 'customer' | 'account-manager' | RoleId

/** An order of another process that an outcome starts and does not wait for. */
export interface StartsSpec {
  on: string
  process: string
  /** Only when this field of the form is true. */
  whenField?: string
  /** Names of facts taken over. */
  take?: readonly string[]
  input?: Readonly<Record<string, Fact>>
}

export interface StepSpec {
  title: Title
  who: readonly RoleId[]
  outcomes: Readonly<Record<string, OutcomeSpec>>
  limit?: LimitSpec
  /** Done by the system: a task held by the machine, whose activity gives the outcome. `long`: it may take hours and tells that it lives. */
  automatic?: boolean | 'long'
  joint?: JointSpec
  /** The step is another order; `ends` maps its ends to outcomes. */
  child?: {
    /** Or chosen by a fact of the order. */
    process: string | { fact: string; when: Readonly<Record<string, string>>; otherwise: string }
    take?: readonly string[]
    input?: Readonly<Record<string, Fact>>
    /** Names of the child's results that this order takes over when it ends. */
    brings?: readonly string[]
    ends: Readonly<Record<string, string>>
  }
  /** Parallel openings of the step: the key of each is the unit that is asked. */
  keyIs?: 'unit'
  /** Once this mark stands in the journal so often, the step goes to these roles, or to a supervisor who says who does it. */
  climbs?: { on: string; times: number; to: readonly RoleId[] | 'supervisor' }
  /** A fact of this kind from outside, come before the step or while it is open, gives this outcome; counted once by its id. */
  awaits?: {
    fact: 'payment' | 'payout'
    /** Or by what it says under this name; where it says something else, the step stays open. */
    outcome: string | { by: string; when: Readonly<Record<string, string>> }
    idField: string
    /** Only once the sum received is as much as the fact of this name. */
    covers?: string
    /** Fields of the outcome's form → what of the fact they repeat. */
    fills?: Readonly<Record<string, string>>
  }
  /** What is asked of the customer on his page, and which of the outcomes he may give there himself. */
  customer?: { ask: Title; outcomes: readonly string[] }
  /** The step in the customer's words; without them he is not shown it. */
  shown?: Title
  /** Offer to one person (default), or to a unit whose members help themselves. */
  offer?: 'person' | 'unit'
  /** Goes to the `unit` and `person` that the form of this step named, where it did. */
  offerFrom?: string
  /** Goes to the supervisor once this step has been refused twice (catalogue 0.3 REF). */
  refusalsOf?: string
  /** Goes, accepted, to whoever did this step last. */
  heldBy?: string
  /** Nobody who did one of these steps may do this one. */
  notBy?: readonly string[]
  /** Nor whoever started the order: nobody approves his own run. */
  notByStarter?: true
  /** Goes to the unit that this fact names. */
  unitFact?: string
  /** Asked only where the order's facts are those of one of these sets; otherwise the rule gives the outcome at once. */
  onlyWhen?: { any: readonly Readonly<Record<string, Fact>>[]; otherwise: string }
  /** The machine does it at the instant of this fact (epoch ms), not before. */
  doneAt?: string
  /**
   * The machine holds it: a fact from outside or the clock gives the outcome, or a person who takes it over. Where it is automatic too,
   * the machine first does what there is to do.
   */
  waits?: true
  /** A decision costs no acceptance: completing it takes it. */
  implicitAccept?: boolean
  /** `accept` and `refuse` are this step's outcomes (a ticket that is taken). */
  acceptIs?: string
  refuseIs?: string
  /** Suspending needs a supervisor's approval; false: it can't be suspended. Default: allowed with a reason. */
  suspend?: false | 'approval'
  expiry?: Expiry
  notify?: readonly NotifySpec[]
  starts?: readonly StartsSpec[]
  /** The authority table decides between these two outcomes by facts amount (fen), termMonths, discountPct. */
  authority?: { within: string; over: string }
  /** Skill looked for in candidates: the name of a fact that holds it. */
  skillFact?: string
  /** What the machine contributes before a person decides, shown as the machine's. */
  advice?: string
}

/** A clock of the order as a whole, running across steps. Marks are 'step=outcome', or 'customer-told'. */
export interface OrderClockSpec {
  title: Title
  startedBy: readonly string[]
  stoppedBy: readonly string[]
  /** Runs on, with the instants it had, as if it had never stopped. */
  reopenedBy?: readonly string[]
  /** Suspending one of these steps suspends the clock too. */
  pausedWith?: readonly string[]
  limit: LimitSpec
}

export interface ProcessSpec {
  /** Catalogue number, P-01 … P-68. */
  no: string
  id: string
  family: string
  title: Title
  /** Work of the company itself, about no customer: a run over many, a settlement. `also`: as well as for one customer. */
  internal?: true | 'also'
  steps: Readonly<Record<string, StepSpec>>
  /** End states; `continuesAs` starts the other process with the data taken over. */
  ends: Readonly<Record<string, { title: Title; continuesAs?: string }>>
  clocks?: Readonly<Record<string, OrderClockSpec>>
  /** Facts that a start must bring, and those it may. */
  input: Readonly<Record<string, FieldSpec>>
  /** Inputs with which the body begins elsewhere, or goes other ways: the graph is of all of them together. */
  entries?: readonly Readonly<Record<string, Fact>>[]
  /** The most likely way to the end, for the promise; steps side by side in a list of their own. */
  route: readonly (string | readonly string[])[]
  /** Facts that a waiting parent takes over when this order ends. */
  results?: readonly string[]
  /** Records that the order draws up: fact (told to a waiting parent with the results) → prefix of the record's id before the order's. */
  produces?: Readonly<Record<string, string>>
  /** Facts of the start that a supervisor may change in flight, and the step from which the order then goes on anew. */
  amend?: Readonly<Record<string, string>>
  /** Who must agree to a withdrawal once something has been done that cannot be undone (by a child, say). */
  withdrawal?: { agree: readonly RoleId[] }
  /** Another start with the same value of this fact within the days of the repeat rule is recognised as a repeat. */
  repeat?: { fact: string }
  /** A supervisor may raise the order to another process while this step is overdue. */
  raise?: { step: string; to: string; end: string }
  /** What holds in this process beside the step table, in words: rules, records, timeouts, defaults. For people. */
  rules?: readonly Title[]
  /** Rows of the computed graph that differ from the catalogue on purpose. */
  differences?: readonly { step: string; outcome: string; reason: string }[]
}

/** A value that an order knows. Money in fen, instants in epoch ms. */
export type Fact = string | number | boolean | readonly string[]

/** Keeps the literal types of a specification, so that bodies are checked against its step ids, outcomes and ends. */
export const defineSpec = <const S extends ProcessSpec>(spec: S): S => spec
