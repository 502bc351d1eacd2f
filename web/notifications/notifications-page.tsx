import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function NotificationsPage() {
  const { t } = useTranslation('notifications')
  return <PageTitle title={t('title')} />
}
