import { Button, Group, Menu } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { processesQuery } from '../http/queries.ts'
import { useTitles } from '../texts/use-lang.ts'

/** The orders of settlement that the reader may start; nothing where there is none. */
export function StartMenu() {
  const { t } = useTranslation('settlement')
  const { say } = useTitles()
  const navigate = useNavigate()
  const mine = (useQuery(processesQuery).data?.items ?? []).filter(({ family, startable }) => family === 'settlement' && startable)
  if (mine.length === 0) return null
  return (
    <Group justify="end" mb="xs">
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<IconPlus size={16} />}>{t('start')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mine.map(({ id, no, title }) => (
            <Menu.Item key={id} onClick={() => void navigate({ to: '/orders/new', search: { process: id } })}>
              {no} {say(title)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
