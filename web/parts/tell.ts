/** Short messages at the edge of the screen, and the line that screen readers speak. */
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import { problemText } from './problem-text.ts'

const closing = () => ({ 'aria-label': i18next.t('close') })

export function tell(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 3_000, closeButtonProps: closing() })
  const said = document.getElementById('said')
  if (said) said.textContent = message
}

export const tellProblem = (error: unknown): void => {
  notifications.show({
    title: i18next.t('failed'),
    message: problemText(error),
    color: 'red',
    autoClose: 8_000,
    closeButtonProps: closing(),
    style: { whiteSpace: 'pre-line' },
  })
}
