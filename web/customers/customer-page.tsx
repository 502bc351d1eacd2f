import { Anchor, Badge, Button, Group, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { knownValue } from '../../domain/fact-titles.ts'
import { useMe } from '../app/session.ts'
import { FactList } from '../order/fact-list.tsx'
import '../order/order.css'
import { Section } from '../order/section.tsx'
import { useProcessTitles } from '../order/words.ts'
import { Loaded } from '../parts/query-state.tsx'
import { Status } from '../parts/status.tsx'
import { money } from '../parts/time.ts'
import { When } from '../parts/when.tsx'
import { useJoin, useLang, useTitles } from '../texts/use-lang.ts'
import { MoneyOf } from './money.tsx'
import { type CustomerWhole, customerQuery } from './queries.ts'
import { RetentionOf } from './retention.tsx'

const grades = { group: 1, province: 1, 'local-a': 1, 'local-b': 1, 'local-c': 1 }

/** A customer all around: who he is, what he has, what goes on, what he owes, what he is worth. */
export function CustomerPage() {
  const { customer: id } = useParams({ from: '/inside/customers/$customer' })
  const customer = useQuery(customerQuery(id))
  return <Loaded of={customer}>{(one) => <Page of={one} />}</Loaded>
}

function Page({ of }: { of: CustomerWhole }) {
  const { t } = useTranslation(['customer', 'common'])
  const { say } = useTitles()
  const me = useMe()
  useEffect(() => {
    document.title = `${say(of.name)} \u00b7 ${t('common:product')}`
  }, [of.name, say, t])
  return (
    <>
      <Group justify="space-between" mb="sm" gap="xs">
        <div>
          <Group gap={8}>
            <Text size="sm" c="dimmed" ff="monospace">
              {of.no}
            </Text>
            <Badge color={of.status === 'active' ? 'teal' : 'gray'}>{t(`statuses.${of.status}`)}</Badge>
            <Badge>{of.grade in grades ? t(`common:grade.${of.grade as keyof typeof grades}`) : of.grade}</Badge>
            {of.tags.map((tag) => (
              <Badge key={tag} color="gray">
                {say(knownValue('tags', tag)) || tag}
              </Badge>
            ))}
          </Group>
          <Title order={1}>{say(of.name)}</Title>
        </div>
        {me.may.start.length > 0 && (
          <Button component={Link} to="/orders/new" search={{ customer: of.id } as never} size="xs">
            {t('new')}
          </Button>
        )}
      </Group>
      <div className="order-page">
        <div>
          <Orders of={of} />
          <Services of={of} />
          <Contracts of={of} />
          {of.retention && <RetentionOf of={of.retention} names={of.names} />}
        </div>
        <div>
          <About of={of} />
          <Contacts of={of} />
          {of.money && <MoneyOf of={of.money} />}
        </div>
      </div>
    </>
  )
}

const states = { active: 1, reserved: 1, suspended: 1, restricted: 1, ended: 1, drafted: 1, countersigning: 1, signed: 1, void: 1 }

/** The state of a service or a contract. */
function Known({ of }: { of: string }) {
  const { t } = useTranslation('customer')
  return of in states ? t(`known.${of as keyof typeof states}`) : of
}

const Nothing = ({ children }: { children: ReactNode }) => (
  <Text size="sm" c="dimmed">
    {children}
  </Text>
)

function About({ of }: { of: CustomerWhole }) {
  const { t } = useTranslation('customer')
  const { name } = useTitles()
  const lines = [
    { key: 'manager', label: t('manager'), value: name(of.names, of.accountManager) },
    {
      key: 'phone',
      label: t('phone'),
      value: of.phone && (
        <Anchor size="sm" href={`tel:${of.phone}`}>
          {of.phone}
        </Anchor>
      ),
    },
    { key: 'address', label: t('address'), value: of.address },
  ].filter(({ value }) => value)
  return (
    <Section title={t('about')}>
      <FactList lines={lines} />
    </Section>
  )
}

function Contacts({ of }: { of: CustomerWhole }) {
  const { t } = useTranslation('customer')
  const { say } = useTitles()
  return (
    <Section title={t('contacts')}>
      {of.contacts.length === 0 && <Nothing>{t('noContacts')}</Nothing>}
      {of.contacts.map((one) => (
        <div key={one.id} style={{ marginBottom: 8 }}>
          <Group gap={6}>
            <Text size="sm" fw={500}>
              {say(one.name)}
            </Text>
            {one.primary && <Badge color="jade">{t('primary')}</Badge>}
          </Group>
          <Text size="xs" c="dimmed">
            {[one.position].filter(Boolean).join()}{' '}
            {one.phone && (
              <Anchor size="xs" href={`tel:${one.phone}`}>
                {one.phone}
              </Anchor>
            )}{' '}
            {one.email && (
              <Anchor size="xs" href={`mailto:${one.email}`}>
                {one.email}
              </Anchor>
            )}
          </Text>
        </div>
      ))}
    </Section>
  )
}

function Orders({ of }: { of: CustomerWhole }) {
  const { t } = useTranslation('customer')
  const process = useProcessTitles()
  return (
    <Section
      title={t('orders')}
      aside={
        <Anchor component={Link} to="/orders" search={{ customer: of.id } as never} size="sm">
          {t('allOrders')}
        </Anchor>
      }
    >
      {of.orders.items.length === 0 && <Nothing>{t('noOrders')}</Nothing>}
      <Group gap="md" mb="xs">
        {of.orders.byProcess.map((one) => (
          <div key={one.process}>
            <Text size="xs" c="dimmed">
              {process(one.process)}
            </Text>
            <Text size="sm">
              {t('openClosed', { open: one.open, closed: one.closed })}{' '}
              {one.overdue > 0 && <Badge color="red">{t('overdue', { count: one.overdue })}</Badge>}
            </Text>
          </div>
        ))}
      </Group>
      <Scroll>
        <Table.Tbody>
          {of.orders.items.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Anchor component={Link} to={`/orders/${one.id}`} size="sm">
                  {one.title}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {[one.no, process(one.process)].filter(Boolean).join(' \u00b7 ')}
                </Text>
              </Table.Td>
              <Table.Td>
                <Status of={one.status} />
              </Table.Td>
              <Table.Td ta="end">
                <When at={one.openedAt} absolute />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Scroll>
    </Section>
  )
}

const Scroll = ({ children }: { children: ReactNode }) => (
  <Table.ScrollContainer minWidth={420} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
    <Table fz="sm" verticalSpacing={5}>
      {children}
    </Table>
  </Table.ScrollContainer>
)

function Services({ of }: { of: CustomerWhole }) {
  const { t } = useTranslation('customer')
  const { aside } = useJoin()
  const { say } = useTitles()
  const count = Object.values(of.services.byStatus).reduce((sum, n) => sum + n, 0)
  return (
    <Section title={aside(t('services'), count)}>
      {count === 0 ? (
        <Nothing>{t('noServices')}</Nothing>
      ) : (
        <Scroll>
          <Table.Thead>
            <Table.Tr>
              {(['no', 'product', 'site', 'grade', 'status'] as const).map((column) => (
                <Table.Th key={column}>{t(`service.${column}`)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.services.items.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td ff="monospace" fz="xs">
                  {one.no}
                </Table.Td>
                <Table.Td>{say(one.product)}</Table.Td>
                <Table.Td>{say(one.site)}</Table.Td>
                <Table.Td>{one.circuitGrade}</Table.Td>
                <Table.Td>
                  <Known of={one.status} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Scroll>
      )}
    </Section>
  )
}

function Contracts({ of }: { of: CustomerWhole }) {
  const { t } = useTranslation('customer')
  const { aside } = useJoin()
  const lang = useLang()
  return (
    <Section title={aside(t('contracts'), of.contracts.length)}>
      {of.contracts.length === 0 ? (
        <Nothing>{t('noContracts')}</Nothing>
      ) : (
        <Scroll>
          <Table.Tbody>
            {of.contracts.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  {one.title}
                  <Text size="xs" c="dimmed">
                    {one.no}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Known of={one.status} />
                </Table.Td>
                <Table.Td ta="end">{money(one.amount, lang)}</Table.Td>
                <Table.Td ta="end">{t('term', { count: one.termMonths })}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Scroll>
      )}
    </Section>
  )
}
