import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { shown, useActiveShortcuts } from './registry.ts'

/** What every key does on the page as it is. */
export function KeySheet({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation()
  const shortcuts = useActiveShortcuts().filter(({ keys }) => keys)
  const groups = [...new Set(shortcuts.map(({ group }) => group))]
  return (
    <Modal opened={opened} onClose={close} title={t('keys.title')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack gap="md">
        {groups.map((group) => (
          <section key={group}>
            <Text size="xs" c="dimmed" fw={600} mb={6}>
              {group}
            </Text>
            {shortcuts
              .filter((one) => one.group === group)
              .map(({ id, label, keys }) => (
                <Group key={id} justify="space-between" py={4} wrap="nowrap">
                  <Text size="sm">{label}</Text>
                  <Group gap={4} wrap="nowrap">
                    {shown(keys!).map((key, i) => (
                      <Kbd key={`${key}${i}`}>{key}</Kbd>
                    ))}
                  </Group>
                </Group>
              ))}
          </section>
        ))}
      </Stack>
    </Modal>
  )
}
