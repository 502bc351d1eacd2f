import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function HealthPage() {
  const { t } = useTranslation('health')
  return <PageTitle title={t('title')} />
}
