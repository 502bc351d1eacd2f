import { ActionIcon, Indicator, Tooltip } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { notificationsQuery } from '../http/queries.ts'

/** How many messages have not been read. */
export function Bell() {
  const { t } = useTranslation('notifications')
  const unread = useQuery(notificationsQuery({ unread: true, limit: 1 })).data?.unread ?? 0
  const label = t('bell', { count: unread })
  return (
    <Tooltip label={label}>
      <Indicator label={unread > 99 ? '99+' : unread} size={16} disabled={unread === 0} color="red.8" offset={6}>
        <ActionIcon component={Link} to="/notifications" variant="subtle" color="gray" size="lg" aria-label={label}>
          <IconBell size={18} />
        </ActionIcon>
      </Indicator>
    </Tooltip>
  )
}
