import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function SupervisePage() {
  const { t } = useTranslation('supervise')
  return <PageTitle title={t('title')} />
}
