/** What histories carry, in words: names of fields and of limits as the specification has them. */
import { PROMISE } from '../../domain/order/clocks.ts'
import type { FieldSpec, ProcessSpec } from '../../domain/order/spec.ts'
import type { Title } from '../../domain/title.ts'

const t = (zh: string, en: string): Title => ({ zh, en })

/** Whose time a suspension takes. */
export const parties: Readonly<Record<string, Title>> = {
  customer: t('客户', 'the customer'),
  vendor: t('厂家', 'the vendor'),
  own: t('我方', 'ourselves'),
  'third-party': t('第三方', 'a third party'),
}

/** A field of a form of the process, by its name. */
export function fieldOf(spec: ProcessSpec | undefined, name: string): FieldSpec | undefined {
  if (!spec) return undefined
  const forms = Object.values(spec.steps).flatMap(({ outcomes }) => Object.values(outcomes).map(({ form }) => form))
  return [spec.input, ...forms].find((form) => form && Object.hasOwn(form, name))?.[name]
}

/** A limit of the order itself. */
export const clockTitle = (spec: ProcessSpec | undefined, clock: string): Title | undefined =>
  clock === PROMISE ? t('对客户的承诺', 'the promise to the customer') : spec?.clocks?.[clock]?.title
