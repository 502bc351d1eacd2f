import { Anchor, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Order, ProcessDetail } from '../http/types.ts'
import { When } from '../parts/when.tsx'
import { useJoin, useTitles } from '../texts/use-lang.ts'
import { FactList, type Line } from './fact-list.tsx'
import { Section } from './section.tsx'
import { fieldsOf, useValues } from './words.ts'

/** Already said elsewhere on the page, or for the machine alone. */
const hidden = new Set(['service', 'accountManager', 'tags', 'customerGrade'])

/** Who and what the order is about. */
export function FactsOf({ order, process }: { order: Order; process: ProcessDetail }) {
  const { t } = useTranslation(['order', 'common'])
  const { pair } = useJoin()
  const { say, name } = useTitles()
  const value = useValues(order.names)
  const fields = fieldsOf(process)
  const { customer, service, contract, names } = order
  const grade = customer?.grade
  const line = (key: string, label: string, shown: Line['value'] | null | undefined): Line[] =>
    shown ? [{ key, label, value: shown }] : []
  const lines: Line[] = [
    ...line(
      'customer()',
      t('customer'),
      customer && (
        <Anchor component={Link} to={`/customers/${customer.id}`} size="sm">
          {say(customer.name)}
        </Anchor>
      ),
    ),
    ...line('grade()', t('grade'), grade && (grade in grades ? t(`common:grade.${grade as keyof typeof grades}`) : grade)),
    ...line('manager()', t('accountManager'), name(names, customer?.accountManager)),
    ...line(
      'service()',
      t('service'),
      service && `${service.no} ${say(service.productName)}${service.site ? ` · ${say(service.site)}` : ''}`,
    ),
    ...line('contract()', t('contract'), contract && `${contract.no} ${contract.title}`),
    ...line('source()', t('source'), order.source && `${order.source.channel} ${order.source.number}`),
    ...line('started()', t('startedBy'), name(names, order.startedBy)),
    ...line('responsible()', t('responsible'), name(names, order.responsible)),
    ...line('opened()', t('opened'), <When at={order.openedAt} absolute />),
    ...Object.entries(order.facts)
      .filter(([fact]) => !hidden.has(fact) && fields[fact] !== undefined && fields[fact].type !== 'file')
      .map(([fact, given]) => ({ key: fact, label: say(fields[fact]?.title) || fact, value: value(fields[fact], given, fact) })),
  ]
  return (
    <Section title={t('facts')}>
      <FactList lines={lines} />
      {order.stays.length > 0 && (
        <>
          <Text size="sm" fw={600} mt="sm">
            {t('stays')}
          </Text>
          <ul className="plain-list">
            {order.stays.map((one) => (
              <Text component="li" size="sm" key={`${one.order} ${one.step} ${one.outcome}`}>
                {pair(say(one.title), say(one.outcomeTitle))}
              </Text>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}

const grades = { group: 1, province: 1, 'local-a': 1, 'local-b': 1, 'local-c': 1 }
