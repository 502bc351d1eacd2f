import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function OrderPage() {
  const { t } = useTranslation('order')
  return <PageTitle title={t('title')} />
}
