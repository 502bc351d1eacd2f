import { Button, Kbd, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { shown } from '../../keys/registry.ts'
import type { CommandType } from '../give.ts'
import { type Commands, keysOf, orderCommands, taskCommands } from './use-commands.ts'

const leading = new Set<CommandType>(['accept', 'complete', 'sign', 'dispatch'])
const grave = new Set<CommandType>(['withdraw', 'raise'])

/** The key beside a command; phones have none. */
const Key = ({ of }: { of: CommandType }) =>
  keysOf[of] ? (
    <Kbd size="xs" visibleFrom="sm" aria-hidden style={{ fontWeight: 400 }}>
      {shown(keysOf[of]).join('')}
    </Kbd>
  ) : null

/** Commands of one open task. */
export function TaskCommands({ task, commands }: { task: string; commands: Commands }) {
  const { t } = useTranslation('command')
  const may = commands.of(task)
  return taskCommands
    .filter((command) => may.includes(command))
    .map((command, i) => (
      <Button
        key={command}
        size="xs"
        variant={leading.has(command) && i === 0 ? 'filled' : 'default'}
        rightSection={<Key of={command} />}
        loading={(command === 'accept' || command === 'grant-extension') && commands.busy}
        aria-keyshortcuts={keysOf[command]}
        onClick={() => {
          commands.choose(task)
          commands.begin({ command, task })
        }}
      >
        {t(command)}
      </Button>
    ))
}

/** Commands of the order as a whole. */
export function OrderCommands({ commands, whyNot }: { commands: Commands; whyNot: () => void }) {
  const { t } = useTranslation(['command', 'order'])
  const may = commands.of()
  const list = orderCommands.filter((command) => may.includes(command))
  const isNear = (command: CommandType) => command === 'comment' || command === 'urge'
  const near = list.filter(isNear)
  const far = list.filter((command) => !isNear(command))
  return (
    <>
      {near.map((command) => (
        <Button
          key={command}
          size="xs"
          variant="default"
          rightSection={<Key of={command} />}
          aria-keyshortcuts={keysOf[command]}
          onClick={() => commands.begin({ command })}
        >
          {t(command)}
        </Button>
      ))}
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconDots size={14} />}>
            {t('order:give.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {far.map((command) => (
            <Menu.Item
              key={command}
              color={grave.has(command) ? 'red' : undefined}
              rightSection={<Key of={command} />}
              onClick={() => commands.begin({ command })}
            >
              {t(command)}
            </Menu.Item>
          ))}
          {far.length > 0 && <Menu.Divider />}
          <Menu.Item onClick={whyNot}>{t('order:give.others')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
