import { Alert } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from './connection.ts'

/** A short break is mended before anybody reads of it. */
const PATIENCE_MS = 2_500

export function LiveBanner() {
  const { t } = useTranslation()
  const lost = useConnection() === 'lost'
  const [told, setTold] = useState(false)
  useEffect(() => {
    if (!lost) return setTold(false)
    const timer = setTimeout(() => setTold(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [lost])
  if (!told) return null
  return (
    <Alert color="orange" icon={<IconPlugConnectedX size={18} />} mb="sm" py={8} role="status">
      {t('live.lost')}
    </Alert>
  )
}
