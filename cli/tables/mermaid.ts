/** The computed graph as a Mermaid flowchart. */
import type { ProcessSpec, StepSpec } from '../../domain/order/spec.ts'
import type { ProcessTable } from './describe.ts'

/** Diamonds decide, double boxes are other orders, slanted boxes are signed by several, hexagons run by themselves. */
function box(label: string, step: StepSpec): string {
  if (step.child) return `[["${label}"]]`
  if (step.joint) return `[/"${label}"/]`
  if (step.automatic) return `{{"${label}"}}`
  return step.implicitAccept && !step.limit && Object.keys(step.outcomes).length > 1 ? `{"${label}"}` : `["${label}"]`
}

export function mermaid(spec: ProcessSpec, { steps, first, ends }: ProcessTable): string {
  const stepNode = new Map(steps.map(({ id }, i) => [id, `s${i + 1}`]))
  const endNode = new Map(ends.map((end, i) => [end, `e${i + 1}`]))
  // Outcomes that lead the same way share an arrow.
  const arrows = new Map<string, string[]>()
  for (const { id, outcomes } of steps)
    for (const { outcome, next, end } of outcomes) {
      const arrow = `${stepNode.get(id)} ${end ? endNode.get(next) : stepNode.get(next)}`
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), outcome])
    }
  return [
    'flowchart TD',
    '  start(( ))',
    ...steps.map(({ id, zh }) => `  ${stepNode.get(id)}${box(`${zh}<br/>${id}`, spec.steps[id]!)}`),
    ...ends.map((end) => `  ${endNode.get(end)}(["${spec.ends[end]!.title.zh}<br/>${end}"])`),
    ...first.map((id) => `  start --> ${stepNode.get(id)}`),
    ...[...arrows].map(([arrow, outcomes]) => `  ${arrow.split(' ').join(` -->|"${outcomes.join(' / ')}"| `)}`),
  ].join('\n')
}
