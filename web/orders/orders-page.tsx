import { ActionIcon, Button, Checkbox, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconX } from '@tabler/icons-react'
import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Search } from '../app/router.tsx'
import { useMe } from '../app/session.ts'
import { get } from '../http/client.ts'
import { processesQuery } from '../http/queries.ts'
import type { OrderList } from '../http/types.ts'
import type { Choice } from '../parts/form/picker.tsx'
import { CustomerPicker, UnitPicker } from '../parts/form/pickers.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { Loaded } from '../parts/query-state.tsx'
import { useTitles } from '../texts/use-lang.ts'
import { ViewMenu } from '../views/view-menu.tsx'
import { OrderTable } from './order-table.tsx'

const PAGE = 200
const statuses = ['open', 'withdrawing', 'closed', 'stopped'] as const
const sorts = ['-openedAt', 'openedAt', 'nextDueAt'] as const
const names = ['q', 'status', 'process', 'customer', 'service', 'region', 'unit', 'parent', 'overdue', 'sort'] as const

const listQuery = (filters: Search) =>
  infiniteQueryOptions({
    queryKey: ['orders', 'list', filters],
    queryFn: ({ pageParam, signal }) => get<OrderList>('/orders', { ...filters, limit: PAGE, cursor: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: ({ page }) => page.next,
  })

/** Orders in sight. What is filtered stands in the address, so that a link is a view. */
export function OrdersPage() {
  const { t } = useTranslation(['orders', 'common'])
  const { say } = useTitles()
  const me = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/inside/orders' })
  const filters: Search = Object.fromEntries(names.flatMap((name) => (search[name] ? [[name, search[name]]] : [])))
  const set = (part: Search) => void navigate({ to: '/orders', search: { ...filters, ...part }, replace: true })
  const processes = useQuery(processesQuery).data?.items ?? []
  const list = useInfiniteQuery(listQuery(filters))
  const filtered = Object.keys(filters).some((name) => name !== 'sort')
  return (
    <>
      <PageTitle title={t('title')}>
        <ViewMenu page="orders" search={filters} />
        {me.may.start.length > 0 && (
          <Button component={Link} to="/orders/new" size="xs">
            {t('common:nav.newOrder')}
          </Button>
        )}
      </PageTitle>
      <div className="order-filters" role="search" aria-label={t('filters')}>
        <Words value={filters.q} set={(q) => set({ q })} />
        <Select
          label={t('status')}
          placeholder={t('common:all')}
          clearable
          data={statuses.map((value) => ({ value, label: t(`common:status.${value}`) }))}
          value={filters.status ?? null}
          onChange={(status) => set({ status: status ?? undefined })}
        />
        <Select
          label={t('process')}
          placeholder={t('common:all')}
          clearable
          searchable
          data={processes.map(({ id, no, title }) => ({ value: id, label: `${no} ${say(title)}` }))}
          value={filters.process ?? null}
          onChange={(process) => set({ process: process ?? undefined })}
        />
        <Picked as={CustomerPicker} label={t('customer')} id={filters.customer} set={(customer) => set({ customer })} />
        <Picked as={UnitPicker} label={t('unit')} id={filters.unit} set={(unit) => set({ unit })} />
        <Select
          label={t('sort')}
          allowDeselect={false}
          data={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
          value={filters.sort ?? sorts[0]}
          onChange={(sort) => set({ sort: sort === sorts[0] ? undefined : (sort ?? undefined) })}
        />
        <Checkbox
          label={t('overdue')}
          checked={filters.overdue === 'true'}
          onChange={(event) => set({ overdue: event.currentTarget.checked ? 'true' : undefined })}
          mb={8}
        />
        {filtered && (
          <Button variant="subtle" color="gray" size="xs" mb={4} onClick={() => void navigate({ to: '/orders', search: {} })}>
            {t('clear')}
          </Button>
        )}
      </div>
      <Loaded of={list} rows={10}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          const known = Object.assign({}, ...pages.map((page) => page.names)) as OrderList['names']
          return (
            <>
              <OrderTable
                items={items}
                names={known}
                busy={list.isFetchingNextPage}
                more={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
              />
              <Text size="xs" c="dimmed" mt={6} role="status">
                {list.hasNextPage ? t('loaded', { count: items.length }) : t('loadedAll', { count: items.length })}
              </Text>
            </>
          )
        }}
      </Loaded>
    </>
  )
}

function Words({ value = '', set }: { value?: string; set: (q: string | undefined) => void }) {
  const { t } = useTranslation(['orders', 'common'])
  const [text, setText] = useState(value)
  useEffect(() => {
    setText(value)
  }, [value])
  const later = useDebouncedCallback((q: string) => set(q.trim() || undefined), 250)
  return (
    <TextInput
      type="search"
      label={t('common:search')}
      placeholder={t('search')}
      leftSection={<IconSearch size={16} />}
      rightSection={
        text && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('common:clear')} onClick={() => set(undefined)}>
            <IconX size={14} />
          </ActionIcon>
        )
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        later(event.currentTarget.value)
      }}
    />
  )
}

interface PickedProps {
  as: typeof CustomerPicker
  label: string
  id?: string
  set: (id: string | undefined) => void
}

/** A filter that is looked up; the address holds its id alone. */
function Picked({ as: As, label, id, set }: PickedProps) {
  const [choice, setChoice] = useState<Choice | null>(null)
  const known = id ? (choice?.value === id ? choice : { value: id, label: id }) : null
  return (
    <div>
      <As
        label={label}
        value={known}
        onChange={(next) => {
          setChoice(next)
          set(next?.value)
        }}
      />
    </div>
  )
}
