import { Modal, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OrderState } from '../../../domain/order/state.ts'
import { useMe } from '../../app/session.ts'
import { queryClient } from '../../http/queries.ts'
import type { Order, ProcessDetail } from '../../http/types.ts'
import { Loaded } from '../../parts/query-state.tsx'
import { useTitles } from '../../texts/use-lang.ts'
import type { CommandType } from '../give.ts'
import { stateQuery } from '../queries.ts'
import { useWords } from '../words.ts'
import type { Reason } from './reasons.ts'
import { orderCommands, taskCommands } from './use-commands.ts'

interface Props {
  order: Order
  process: ProcessDetail
  opened: boolean
  close: () => void
}

/** What is not possible now, and why: asked of the same rules that decide on it. */
export function WhyNot({ order, process, opened, close }: Props) {
  const { t } = useTranslation(['order', 'common'])
  const small = window.innerWidth < 768
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('give.othersTitle')}
      size="xl"
      fullScreen={small}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {opened && <Reasons order={order} process={process} />}
    </Modal>
  )
}

function Reasons({ order, process }: Pick<Props, 'order' | 'process'>) {
  const { t } = useTranslation('order')
  const me = useMe()
  const words = useWords(process)
  const found = useQuery({
    queryKey: ['state', order.id, order.version, 'reasons', me.id],
    queryFn: async () => {
      // Somebody from outside sees no histories; of what he may not, his roles say most.
      if (!me.may.audit) return []
      const [{ reasonsOf }, { state }] = await Promise.all([
        import('./reasons.ts'),
        queryClient.fetchQuery(stateQuery(order.id, order.version)),
      ])
      return reasonsOf(state as unknown as OrderState, me, Date.now())
    },
  })
  const open = order.tasks.filter(({ closedAt }) => closedAt === null).map(({ task }) => task)
  const may = (command: CommandType, task?: string) => order.allowed.some((one) => one.command === command && one.task === task)
  return (
    <Loaded of={found}>
      {(reasons) => {
        const groups = [...open, undefined].map((task) => ({
          task,
          lines: (task ? taskCommands : orderCommands)
            .filter((command) => !may(command, task))
            .map((command) => ({
              command,
              reason: reasons.find((one) => one.command === command && one.task === task),
              never: !me.may.command.includes(command),
            }))
            // Without signers there is nothing to sign; that goes without saying.
            .filter(({ reason, never }) => never || reason !== undefined),
        }))
        if (groups.every(({ lines }) => lines.length === 0)) return <Text size="sm">{t('give.othersNone')}</Text>
        return (
          <Stack>
            {groups
              .filter(({ lines }) => lines.length > 0)
              .map(({ task, lines }) => (
                <section key={task ?? ''}>
                  <Title order={3} mb={4}>
                    {task ? words.step(task) : t('give.ofOrder')}
                  </Title>
                  <Table withRowBorders={false} verticalSpacing={4} layout="fixed">
                    <Table.Tbody>
                      {lines.map(({ command, reason, never }) => (
                        <Line key={command} command={command} reason={reason} never={never} />
                      ))}
                    </Table.Tbody>
                  </Table>
                </section>
              ))}
          </Stack>
        )
      }}
    </Loaded>
  )
}

interface LineProps {
  command: CommandType
  reason: Pick<Reason, 'title' | 'says'> | undefined
  never: boolean
}

function Line({ command, reason, never }: LineProps) {
  const { t } = useTranslation(['command', 'order'])
  const { say } = useTitles()
  return (
    <Table.Tr>
      <Table.Th w={110} fw={500} style={{ verticalAlign: 'top' }}>
        {t(command)}
      </Table.Th>
      <Table.Td>
        {never || !reason ? t('order:give.roleNever') : say(reason.title)}
        {reason?.says && !never && (
          <Text span size="sm" c="dimmed">
            {' '}
            ({say(reason.says)})
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
