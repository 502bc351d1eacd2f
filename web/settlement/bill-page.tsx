import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function BillPage() {
  const { t } = useTranslation('settlement')
  return <PageTitle title={t('title')} />
}
