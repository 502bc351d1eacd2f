import { describe, expect, it } from 'vitest'
import { choiceTitle } from '../../domain/choice-titles.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'
import { specs } from '../../domain/processes/index.ts'

const choices = (specs as readonly ProcessSpec[]).flatMap((spec) =>
  [spec.input, ...Object.values(spec.steps).flatMap(({ outcomes }) => Object.values(outcomes).map(({ form }) => form ?? {}))].flatMap(
    (form) => Object.entries(form).flatMap(([name, field]) => (field.choices ?? []).map((value) => ({ process: spec.id, name, value }))),
  ),
)

describe('titles of choices', () => {
  it('are there for every choice of every form, in both languages', () => {
    expect(choices.length).toBeGreaterThan(100)
    for (const { process, name, value } of choices) {
      const title = choiceTitle(name, value)
      expect([process, name, value, Boolean(title?.en.trim()), Boolean(title?.zh.trim())]).toEqual([process, name, value, true, true])
    }
  })

  it('never give two choices of a field the same title', () => {
    const forms = new Map<string, typeof choices>()
    for (const one of choices) forms.set(`${one.process} ${one.name}`, [...(forms.get(`${one.process} ${one.name}`) ?? []), one])
    for (const [field, values] of forms)
      for (const lang of ['en', 'zh'] as const) {
        const different = new Map(values.map(({ name, value }) => [value, choiceTitle(name, value)![lang]]))
        expect([field, new Set(different.values()).size]).toEqual([field, different.size])
      }
  })

  it('differ by field where the value means something else, and are not made up', () => {
    expect(choiceTitle('openOn', 'red')).toEqual({ zh: '红色通道', en: 'Red channel' })
    expect(choiceTitle('creditClass', 'red')).toEqual({ zh: '红名单', en: 'Red' })
    expect(choiceTitle('creditClass', 'constructor')).toBeUndefined()
  })
})
