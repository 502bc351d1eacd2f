import { describe, expect, it } from 'vitest'
import { knownFact, knownValue } from '../../domain/fact-titles.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { SUBJECT_FACTS } from '../../domain/order/subject-facts.ts'
import { specs } from '../../domain/processes/index.ts'
import { products } from '../../prisma/seed/products.ts'

const all: readonly ProcessSpec[] = specs
const fieldsOf = ({ input, steps }: ProcessSpec): Set<string> =>
  new Set(
    [input, ...Object.values(steps).flatMap(({ outcomes }) => Object.values(outcomes).map(({ form }) => form ?? {}))].flatMap(Object.keys),
  )

/** Facts that a process gets from another order or a waiting step, by the names of its specification. */
const handed = all.flatMap((spec) => {
  const own = fieldsOf(spec)
  const names = Object.values(spec.steps).flatMap(({ child, awaits }) => [
    ...(child?.brings ?? []),
    ...(child?.take ?? []),
    ...(awaits?.covers ? [awaits.covers] : []),
  ])
  const others = all.flatMap(({ steps }) =>
    Object.values(steps).flatMap(({ starts = [] }) => starts.flatMap(({ process, take = [] }) => (process === spec.id ? take : []))),
  )
  return [...names, ...others, ...(spec.results ?? []), ...Object.keys(spec.produces ?? {})]
    .filter((name) => !own.has(name))
    .map((name) => ({ process: spec.id, name }))
})

describe('titles of facts that no form asks for', () => {
  it('are there for what one order hands to another', () => {
    expect(handed.length).toBeGreaterThan(30)
    for (const { process, name } of handed) {
      const title = knownFact(name)?.title
      expect([process, name, Boolean(title?.zh.trim()), Boolean(title?.en.trim())]).toEqual([process, name, true, true])
    }
  })

  it('are there for what an order knows of its customer', () => {
    // Lists of a run over many are asked for by its forms.
    for (const name of SUBJECT_FACTS.filter((one) => one !== 'customers' && one !== 'reasons'))
      expect([name, knownFact(name)?.title.en]).toEqual([name, expect.stringMatching(/\w/)])
  })

  it('say each group of products, and nothing that is not one', () => {
    for (const { group } of products) expect([group, knownValue('productGroup', group)?.zh]).toEqual([group, expect.stringMatching(/\S/)])
    expect(knownValue('tags', 'brand')).toEqual({ zh: '品牌政企客户', en: 'Brand customer' })
    for (const name of ['constructor', 'toString'])
      expect([knownFact(name), knownValue(name, name), knownValue('tags', name)]).toEqual([undefined, undefined, undefined])
  })
})
