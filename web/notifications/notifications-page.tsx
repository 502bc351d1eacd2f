import { Badge, Button, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core'
import { infiniteQueryOptions, useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { get, post } from '../http/client.ts'
import { queryClient } from '../http/queries.ts'
import type { NotificationList } from '../http/types.ts'
import { PageTitle } from '../parts/page-title.tsx'
import { Empty, Loaded } from '../parts/query-state.tsx'
import { tellProblem } from '../parts/tell.ts'
import { When } from '../parts/when.tsx'
import { useLang } from '../texts/use-lang.ts'

const PAGE = 50

const listQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: ['notifications', 'list', unread],
    queryFn: ({ pageParam, signal }) =>
      get<NotificationList>('/notifications', { unread: unread || undefined, limit: PAGE, cursor: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: ({ page }) => page.next,
  })

type Item = NotificationList['items'][number]

/** What somebody has been told, the latest first. */
export function NotificationsPage() {
  const { t } = useTranslation('notifications')
  const navigate = useNavigate()
  const only = useSearch({ from: '/inside/notifications' }).show === 'unread'
  const list = useInfiniteQuery(listQuery(only))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const unread = items.filter(({ readAt }) => readAt === null)
  const read = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await post(`/notifications/${id}/read`)
    },
    onError: tellProblem,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['notifications'] }),
  })
  return (
    <>
      <PageTitle title={t('title')}>
        <SegmentedControl
          size="xs"
          aria-label={t('title')}
          value={only ? 'unread' : 'all'}
          onChange={(show) => void navigate({ to: '/notifications', search: show === 'unread' ? { show } : {}, replace: true })}
          data={[
            { value: 'all', label: t('all') },
            { value: 'unread', label: t('unread') },
          ]}
        />
        <Button
          size="xs"
          variant="default"
          disabled={unread.length === 0}
          loading={read.isPending}
          onClick={() => read.mutate(unread.map(({ id }) => id))}
        >
          {t('readAll')}
        </Button>
      </PageTitle>
      <Loaded of={list}>
        {() =>
          items.length === 0 ? (
            <Empty title={t('empty')} hint={t('emptyHint')} />
          ) : (
            <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }} maw={860}>
              {items.map((item) => (
                <li key={item.id}>
                  <Message item={item} read={() => read.mutate([item.id])} />
                </li>
              ))}
              {list.hasNextPage && (
                <Button
                  component="button"
                  size="xs"
                  variant="default"
                  loading={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                >
                  {t('earlier')}
                </Button>
              )}
            </Stack>
          )
        }
      </Loaded>
    </>
  )
}

function Message({ item, read }: { item: Item; read: () => void }) {
  const { t } = useTranslation('notifications')
  const lang = useLang()
  const { subject, body } = item.message[lang]
  const isNew = item.readAt === null
  // The number stands in the subject already.
  const lines = body.split('\n').filter((line) => item.orderNo === null || !line.endsWith(item.orderNo))
  return (
    <Paper withBorder p="sm" style={isNew ? { borderInlineStart: '3px solid var(--mantine-primary-color-filled)' } : undefined}>
      <Group justify="space-between" align="start" gap="xs">
        <Link
          to="/orders/$order"
          params={{ order: item.order }}
          onClick={() => isNew && read()}
          style={{ color: 'inherit', minWidth: 0, flex: '1 1 240px' }}
        >
          <Text fw={isNew ? 600 : 400} size="sm" component="span">
            {subject}
          </Text>
        </Link>
        <Group gap={8}>
          {isNew && <Badge>{t('isNew')}</Badge>}
          <Text size="xs" c="dimmed">
            <When at={item.createdAt} />
          </Text>
        </Group>
      </Group>
      <Group component="ul" gap={2} style={{ columnGap: 14, listStyle: 'none' }} m={0} p={0} mt={2}>
        {lines.map((line) => (
          <Text component="li" size="xs" c="dimmed" key={line} style={{ overflowWrap: 'anywhere' }}>
            {line}
          </Text>
        ))}
      </Group>
      {isNew && (
        <Button size="compact-xs" variant="subtle" mt={4} px={4} onClick={read}>
          {t('read')}
        </Button>
      )}
    </Paper>
  )
}
