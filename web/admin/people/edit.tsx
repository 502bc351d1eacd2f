import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useJoin } from '../../texts/use-lang.ts'

/** Opens what stands there for changing. */
export function Edit({ label, edit }: { label: string; edit: () => void }) {
  const { t } = useTranslation('organisation')
  const { pair } = useJoin()
  return (
    <Button size="compact-sm" variant="default" onClick={edit} style={{ alignSelf: 'start' }} aria-label={pair(t('change'), label)}>
      {t('change')}
    </Button>
  )
}
