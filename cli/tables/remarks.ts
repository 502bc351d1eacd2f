/** What holds at a step, in words, read off its specification. */
import type { JointSpec, StepSpec } from '../../domain/order/spec.ts'

const code = (ids: readonly string[]): string => ids.map((id) => `\`${id}\``).join(', ')

/** One short sentence for each property that the step has. */
export function remarks(step: StepSpec): string[] {
  const { child, authority, notBy } = step
  return [
    ...(step.automatic ? ['done by the system; a person can take it over when it fails'] : []),
    ...(step.joint ? jointRemarks(step.joint) : []),
    ...(child ? [`runs \`${child.process}\` and waits: ${pairs(child.ends)}`] : []),
    ...(authority ? [`the authority table decides between \`${authority.within}\` and \`${authority.over}\``] : []),
    ...(notBy ? [`not by whoever did ${code(notBy)}`] : []),
    ...offerRemarks(step),
    ...(step.suspend === 'approval' ? ["suspended only with a supervisor's approval"] : []),
    ...(step.suspend === false ? ['cannot be suspended'] : []),
    ...(step.advice ? [`the machine contributes \`${step.advice}\``] : []),
    ...expiryRemarks(step),
    ...noticeRemarks(step),
    ...(step.starts ?? []).map(
      ({ on, process, whenField }) =>
        `\`${on}\` starts \`${process}\`${whenField ? ` where \`${whenField}\` is true` : ''}, without waiting for it`,
    ),
    ...Object.entries(step.outcomes).flatMap(([outcome, { irreversible }]) =>
      irreversible ? [`after \`${outcome}\` the order cannot be withdrawn`] : [],
    ),
  ]
}

const pairs = (record: Readonly<Record<string, string>>): string =>
  Object.entries(record)
    .map(([end, outcome]) => `END \`${end}\` is \`${outcome}\``)
    .join(', ')

function jointRemarks({ parties, order, rules, quorum, else: otherwise }: JointSpec): string[] {
  const asked = parties.map(({ title, who, mandatory }) => `${title.zh} ${title.en} (${code(who)}${mandatory ? ', mandatory' : ''})`)
  return [
    `signed by ${asked.join(' and ')}, ${order === 'parallel' ? 'side by side' : 'in turn'}`,
    ...rules.map(
      ({ party, answer, outcome, early }) =>
        `\`${answer}\`${party ? ` of \`${party}\`` : ''} gives \`${outcome}\`${early ? ' at once' : ''}`,
    ),
    ...(quorum ? [`${quorum.count} × \`${quorum.answer}\` give \`${quorum.outcome}\``] : []),
    `otherwise \`${otherwise}\``,
  ]
}

function offerRemarks(step: StepSpec): string[] {
  return [
    ...(step.offerFrom ? [`goes to whom \`${step.offerFrom}\` named`] : []),
    ...(step.heldBy ? [`held by whoever did \`${step.heldBy}\``] : []),
    ...(step.offer === 'unit' ? ['offered to a unit'] : []),
    ...(step.skillFact ? ['candidates by skill'] : []),
    ...(step.refusalsOf ? [`to the supervisor after two refusals of \`${step.refusalsOf}\``] : []),
    ...(step.acceptIs ? [`accepting is \`${step.acceptIs}\``] : []),
    ...(step.refuseIs ? [`refusing is \`${step.refuseIs}\`, with a reason`] : []),
    ...(step.implicitAccept ? ['completing takes it'] : []),
  ]
}

function expiryRemarks({ expiry }: StepSpec): string[] {
  if (expiry?.effect === 'outcome') return [`silence means \`${expiry.outcome}\``]
  return expiry?.effect === 'reroute' ? [`overdue, it climbs to ${code(expiry.to)}`] : []
}

function noticeRemarks({ notify }: StepSpec): string[] {
  const told = new Map<string, string[]>()
  for (const { on, to } of notify ?? []) told.set(on, [...(told.get(on) ?? []), to])
  return [...told].map(([on, to]) => `${on === 'open' ? 'on opening' : `on \`${on}\``} ${code(to)} told`)
}
