import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function AuditOrderPage() {
  const { t } = useTranslation('audit')
  return <PageTitle title={t('title')} />
}
