import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface Props {
  name: string
  password: string
  close: () => void
}

/** A password that is seen once. It stays until somebody closes it: nobody can fetch it again. */
export function Secret({ name, password, close }: Props) {
  const { t } = useTranslation(['organisation', 'common'])
  return (
    <Modal
      opened
      onClose={close}
      closeOnClickOutside={false}
      title={t('secret', { name })}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <Stack>
        <Code block fz="lg" data-secret>
          {password}
        </Code>
        <Text size="sm">{t('secretHint')}</Text>
        <Group justify="end">
          <CopyButton value={password}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('copied') : t('copy')}
              </Button>
            )}
          </CopyButton>
          <Button onClick={close}>{t('common:close')}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
