import { useTranslation } from 'react-i18next'
import { PageTitle } from '../parts/page-title.tsx'

export function BoardPage() {
  const { t } = useTranslation('board')
  return <PageTitle title={t('title')} />
}
