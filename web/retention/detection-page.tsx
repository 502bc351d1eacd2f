import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function DetectionPage() {
  const { t } = useTranslation('retention')
  return <PageTitle title={t('title')} />
}
