import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function TrackPage() {
  const { t } = useTranslation('track')
  return <PageTitle title={t('title')} />
}
