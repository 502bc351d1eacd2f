import { Alert, Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import { IconRepeat } from '@tabler/icons-react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { knownValue } from '../../domain/fact-titles.ts'
import { customerQuery } from '../customers/queries.ts'
import type { z } from 'zod'
import type { repeats } from '../../api/schemas/repeat.ts'
import { get } from '../http/client.ts'
import { ordersQuery } from '../http/queries.ts'
import { FactList } from '../order/fact-list.tsx'
import { Section } from '../order/section.tsx'
import { useProcessTitles } from '../order/words.ts'
import { Loaded } from '../parts/query-state.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'

type Repeats = z.output<typeof repeats>

/** By which fact the process knows a repeat is said with every answer, whatever value was asked for. */
export const repeatsQuery = (process: string, of: { value: string } | { service: string }) =>
  queryOptions({
    queryKey: ['orders', 'repeats', process, of],
    queryFn: ({ signal }) => get<Repeats>('/orders/repeats', { process, ...of }, signal),
  })

const grades = { group: 1, province: 1, 'local-a': 1, 'local-b': 1, 'local-c': 1 }

/** Who the customer is, and what is open for him. */
export function CustomerBeside({ id }: { id: string }) {
  const { t } = useTranslation(['newOrder', 'common'])
  const { say, name } = useTitles()
  const customer = useQuery(customerQuery(id))
  const open = useQuery(ordersQuery({ customer: id, status: 'open', limit: 10 }))
  return (
    <Section title={t('about')}>
      <Loaded of={customer} rows={3}>
        {(one) => (
          <>
            <Group gap={6} mb="xs">
              <Anchor component={Link} to={`/customers/${id}`} fw={600}>
                {say(one.name)}
              </Anchor>
              {one.tags.map((tag) => (
                <Badge key={say(knownValue('tags', tag)) || tag} color="gray">
                  {tag}
                </Badge>
              ))}
            </Group>
            <FactList
              lines={[
                {
                  key: 'grade',
                  label: t('grade'),
                  value: one.grade in grades ? t(`common:grade.${one.grade as keyof typeof grades}`) : one.grade,
                },
                ...(one.accountManager ? [{ key: 'manager', label: t('manager'), value: name(one.names, one.accountManager) }] : []),
                ...(one.phone
                  ? [
                      {
                        key: 'phone',
                        label: t('phone'),
                        value: (
                          <Anchor size="sm" href={`tel:${one.phone}`}>
                            {one.phone}
                          </Anchor>
                        ),
                      },
                    ]
                  : []),
                ...(one.address ? [{ key: 'address', label: t('address'), value: one.address }] : []),
              ]}
            />
          </>
        )}
      </Loaded>
      <Text size="sm" fw={600} mt="sm" mb={4}>
        {t('openOrders')}
      </Text>
      <Loaded of={open} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('noOpenOrders')}
            </Text>
          ) : (
            <Earlier items={items} />
          )
        }
      </Loaded>
    </Section>
  )
}

interface Listed {
  id: string
  no: string | null
  title: string
  status: string
  openedAt: string
  process?: string
}

function Earlier({ items }: { items: readonly Listed[] }) {
  const process = useProcessTitles()
  return (
    <Stack gap={6}>
      {items.map((one) => (
        <div key={one.id}>
          <Group justify="space-between" gap={6} wrap="nowrap">
            <Anchor component={Link} to={`/orders/${one.id}`} target="_blank" size="sm" truncate>
              {one.title}
            </Anchor>
            <span style={{ flex: 'none' }}>
              <Status of={one.status} />
            </span>
          </Group>
          <Text size="xs" c="dimmed">
            {[one.no, one.process && process(one.process)].filter(Boolean).join(' \u00b7 ')} <When at={one.openedAt} />
          </Text>
        </div>
      ))}
    </Stack>
  )
}

const Warning = ({ title, children }: { title: string; children: ReactNode }) => (
  <Alert color="orange" icon={<IconRepeat size={18} />} title={title} role="status">
    {children}
  </Alert>
)

/** What was reported of the same service lately, ended or not: perhaps it is the same again. */
export function SameService({ process, service }: { process: string; service: string }) {
  const { t } = useTranslation('newOrder')
  const found = useQuery(repeatsQuery(process, { service })).data
  if (!found || found.total === 0) return null
  return (
    <Warning title={t('sameService', { count: found.total, days: found.days })}>
      <Text size="sm" mb={6}>
        {t('sameServiceHint')}
      </Text>
      <Named found={found} />
    </Warning>
  )
}

/** Earlier orders that the repeat rule of the process counts. */
export function RepeatsOf({ process, value }: { process: string; value: string }) {
  const { t } = useTranslation('newOrder')
  const found = useQuery(repeatsQuery(process, { value })).data
  if (!found?.rule || found.total === 0) return null
  return (
    <Warning title={t('repeats', { count: found.total, days: found.days })}>
      <Named found={found} />
    </Warning>
  )
}

function Named({ found: { items, unnamed } }: { found: Repeats }) {
  const { t } = useTranslation('newOrder')
  return (
    <>
      <Earlier items={items} />
      {unnamed > 0 && <Text size="xs">{t('unnamed', { count: unnamed })}</Text>}
    </>
  )
}
