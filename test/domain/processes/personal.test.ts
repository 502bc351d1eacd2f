/** Names, telephone numbers and addresses of the customer's people are sealed: no field that asks for one may be left out. */
import { expect, it } from 'vitest'
import type { FieldSpec, ProcessSpec } from '../../../domain/order/spec.ts'
import { specs } from '../../../domain/processes/index.ts'

/** Our own people, or what was said. */
const ours = new Set(['agreedBy', 'grantedBy', 'managerContact'])
const asksForSomebody = /人$|人员$|对象$|电话$|手机$|地址$|地点$|联系方式$|邮箱$/

it('every text that asks for somebody of the customer, or for where he is, is personal', () => {
  const texts = (specs as readonly ProcessSpec[]).flatMap(({ id, input, steps }) => {
    const forms: (Readonly<Record<string, FieldSpec>> | undefined)[] = [
      input,
      ...Object.values(steps).flatMap(({ outcomes }) => Object.values(outcomes).map(({ form }) => form)),
    ]
    return forms.flatMap((form) =>
      Object.entries(form ?? {}).flatMap(([name, field]) => (field.type === 'text' ? [{ at: `${id} ${name}`, name, field }] : [])),
    )
  })
  const asking = texts.filter(({ name, field }) => asksForSomebody.test(field.title.zh) && !ours.has(name))
  expect(asking.length).toBeGreaterThan(30)
  expect(asking.filter(({ field }) => !field.personal).map(({ at }) => at)).toEqual([])
})
