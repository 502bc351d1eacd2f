import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { API } from '../http/client.ts'
import { useLang } from '../texts/use-lang.ts'

const kinds = ['json', 'csv', 'pdf'] as const

/** The history as files: for a program, a sheet, a printer. */
export function Downloads({ order }: { order: string }) {
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
      </Menu.Dropdown>
    </Menu>
  )
}
