import { Table, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ordersQuery } from '../http/queries.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { useTitles } from '../texts/use-lang.ts'

const WAIT_MS = 250

/** Where an auditor begins: finds the order whose history he wants to see. */
export function AuditPage() {
  const { t } = useTranslation(['audit', 'common'])
  const { say } = useTitles()
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/audit' })
  const orders = useQuery({ ...ordersQuery({ q: search.q, limit: 50 }), placeholderData: (before) => before })
  const ask = useDebouncedCallback((q: string) => void navigate({ to: '/audit', search: { q: q || undefined }, replace: true }), WAIT_MS)
  return (
    <>
      <PageTitle title={t('title')} />
      <TextInput
        label={t('find')}
        description={t('findHint')}
        defaultValue={search.q ?? ''}
        onChange={(event) => ask(event.currentTarget.value.trim())}
        leftSection={<IconSearch size={16} />}
        maw={520}
        mb="md"
        autoFocus
      />
      <Loaded of={orders}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('empty')} />
          ) : (
            <Table.ScrollContainer minWidth={680} scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': t('title') } }}>
              <Table highlightOnHover withTableBorder bg="var(--mantine-color-body)">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('column.no')}</Table.Th>
                    <Table.Th>{t('column.order')}</Table.Th>
                    <Table.Th>{t('status')}</Table.Th>
                    <Table.Th>{t('column.opened')}</Table.Th>
                    <Table.Th ta="end">{t('column.events')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map(({ id, no, title, customer, status, openedAt, version }) => (
                    <Table.Tr key={id}>
                      <Table.Td>
                        <Link to="/audit/$order" params={{ order: id }}>
                          {no ?? id}
                        </Link>
                      </Table.Td>
                      <Table.Td maw={320}>
                        <Text size="sm" truncate>
                          {title}
                        </Text>
                        <Text size="xs" c="dimmed">
                          {say(customer?.name)}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Status of={status} />
                      </Table.Td>
                      <Table.Td>
                        <When at={openedAt} absolute />
                      </Table.Td>
                      <Table.Td ta="end">{version}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Loaded>
    </>
  )
}
