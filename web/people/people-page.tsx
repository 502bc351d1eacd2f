import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function PeoplePage() {
  const { t } = useTranslation('people')
  return <PageTitle title={t('title')} />
}
