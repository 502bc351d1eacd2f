import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { API } from '../http/client.ts'
import { useLang } from '../texts/use-lang.ts'

const kinds = ['json', 'csv', 'pdf'] as const

/** The history as files: for a program, a sheet, a printer; and the order at the instant that is looked at, as it is kept. */
export function Downloads({ order, no, seq }: { order: string; no: string | null; seq: number }) {
  const { t } = useTranslation('audit')
  const lang = useLang()
  return (
    <Menu>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>
          {t('download.title')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map((kind) => (
          <Menu.Item key={kind} component="a" href={`${API}/orders/${order}/history.${kind}?lang=${lang}`} download>
            {t(`download.${kind}`)}
          </Menu.Item>
        ))}
        {seq > 0 && (
          <Menu.Item component="a" href={`${API}/orders/${order}/at?seq=${seq}`} download={`${no ?? order}-${seq}.json`}>
            {t('download.state', { seq })}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
