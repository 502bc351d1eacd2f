import { Button, Drawer, Group, Stack } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../query-state.tsx'
import { useFirstFault } from './first-fault.ts'

interface Props {
  title: string
  size?: 'md' | 'lg'
  /** On the button that saves. */
  action: string
  save: { mutate: () => void; isPending: boolean; error: Error | null }
  close: () => void
  children: ReactNode
}

/** A form at the side of the page: what is to be filled in, what was refused, and the way out. */
export function DrawerForm({ title, size = 'lg', action, save, close, children }: Props) {
  const { t } = useTranslation()
  useFirstFault(save.error)
  return (
    <Drawer opened onClose={close} position="right" size={size} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack
        component="form"
        gap="sm"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {children}
        {save.error && <Failure error={save.error} />}
        <Group justify="end">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Drawer>
  )
}
