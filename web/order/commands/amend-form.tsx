import { Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fact, Facts } from '../../http/types.ts'
import { Fields } from '../../parts/form/fields.tsx'
import { useWords } from '../words.ts'
import type { FormProps } from './dialog.tsx'
import { useJoin } from '../../texts/use-lang.ts'

const same = (a: Fact | undefined, b: Fact | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Only what differs is sent. */
export function AmendForm({ order, process, set, errors }: FormProps) {
  const { t } = useTranslation('order')
  const { list } = useJoin()
  const words = useWords(process)
  const before: Facts = Object.fromEntries(order.amendable.flatMap(({ fact, value }) => (value === null ? [] : [[fact, value]])))
  const [values, setValues] = useState<Facts>(before)
  const changed = order.amendable.filter(({ fact }) => values[fact] !== undefined && !same(values[fact], before[fact]))
  const facts = new Map(changed.map(({ fact }) => [fact, values[fact]!]))
  const change = (next: Facts) => {
    setValues(next)
    const differing = Object.entries(next).filter(([fact, value]) => !same(value, before[fact]))
    set({ facts: differing.length > 0 ? Object.fromEntries(differing) : undefined })
  }
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('give.amendChoose')}
      </Text>
      <Fields
        form={Object.fromEntries(order.amendable.map(({ fact, field }) => [fact, { ...field, required: false }]))}
        values={values}
        onChange={change}
        errors={errors}
        customer={order.customer?.id}
        supervisor
      />
      <Text size="sm" fw={500}>
        {facts.size === 0
          ? t('give.amendNothing')
          : t('give.amendFrom', { step: list([...new Set(changed.map(({ step }) => words.step(step)))]) })}
      </Text>
    </>
  )
}
