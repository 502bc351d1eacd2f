import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function AdminPage() {
  const { t } = useTranslation('admin')
  return <PageTitle title={t('title')} />
}
