import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function CustomerPage() {
  const { t } = useTranslation('order')
  return <PageTitle title={t('title')} />
}
