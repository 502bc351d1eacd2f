import { Group, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** The heading of a page, its commands beside it, and the title of the browser's tab. */
export function PageTitle({ title, tab = title, children }: { title: ReactNode; tab?: ReactNode; children?: ReactNode }) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = typeof tab === 'string' ? `${tab} · ${t('product')}` : t('product')
  }, [tab, t])
  return (
    <Group justify="space-between" align="center" mb="sm" gap="xs">
      <Title order={1}>{title}</Title>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  )
}
