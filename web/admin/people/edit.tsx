import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Opens what stands there for changing. */
export function Edit({ label, edit }: { label: string; edit: () => void }) {
  const { t } = useTranslation('organisation')
  return (
    <Button size="compact-sm" variant="default" onClick={edit} style={{ alignSelf: 'start' }} aria-label={`${t('change')}: ${label}`}>
      {t('change')}
    </Button>
  )
}
