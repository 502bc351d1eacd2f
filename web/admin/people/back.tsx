import { Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** The way back to the list. */
export function Back() {
  const { t } = useTranslation('organisation')
  return (
    <Text size="sm">
      <Link to="/admin" search={{ tab: 'people' }}>
        {t('back')}
      </Link>
    </Text>
  )
}
