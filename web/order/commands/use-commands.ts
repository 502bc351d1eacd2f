/** What may be done with an order now, by button and by key. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Order } from '../../http/types.ts'
import { useShortcuts } from '../../keys/registry.ts'
import { tell, tellProblem } from '../../parts/tell.ts'
import { type CommandType, useGive } from '../give.ts'
import type { Asked } from './dialog.tsx'

export const keysOf: Partial<Record<CommandType, string>> = {
  accept: 'a',
  refuse: 'r',
  complete: 'e',
  sign: 's',
  dispatch: 'd',
  reassign: 't',
  return: 'b',
  suspend: 'p',
  'ask-extension': 'l',
  resume: 'o',
  urge: 'u',
  comment: 'm',
  extend: 'x',
  'set-priority': 'i',
  amend: 'y',
  withdraw: 'w',
}

/** The most usual first. */
export const taskCommands = [
  'accept',
  'complete',
  'sign',
  'dispatch',
  'resume',
  'grant-extension',
  'deny-extension',
  'refuse',
  'return',
  'reassign',
  'suspend',
  'ask-extension',
  'add-signer',
  'remove-signer',
] as const satisfies readonly CommandType[]

export const orderCommands = [
  'comment',
  'urge',
  'set-priority',
  'extend',
  'amend',
  'raise',
  'withdraw',
] as const satisfies readonly CommandType[]

export interface Commands {
  asked: Asked | undefined
  close: () => void
  /** Asks for what the command needs; what needs nothing is given at once. */
  begin: (asked: Asked) => void
  busy: boolean
  /** Task for which keys work first. */
  chosen: string | undefined
  choose: (task: string) => void
  of: (task?: string) => CommandType[]
}

/** @param byKey whether keys give them too */
export function useCommands(order: Order, byKey = true): Commands {
  const { t } = useTranslation(['order', 'command'])
  const [asked, setAsked] = useState<Asked>()
  const [wanted, choose] = useState<string>()
  const give = useGive()
  const open = order.tasks.filter(({ closedAt }) => closedAt === null)
  const of = (task?: string) => order.allowed.filter((one) => one.task === task).map(({ command }) => command)
  const chosen = open.some(({ task }) => task === wanted) ? wanted : (open.find(({ task }) => of(task).length > 0) ?? open[0])?.task
  const begin = (next: Asked) => {
    const { command, task } = next
    if (command !== 'accept' && command !== 'grant-extension') return setAsked(next)
    if (give.isPending) return
    give.mutate(
      { order: order.id, body: { type: command, task } },
      { onSuccess: () => tell(t('give.sent', { command: t(`command:${command}`) })), onError: tellProblem },
    )
  }
  /** The chosen task's, else the first that allows it. */
  const target = (command: CommandType): Asked | undefined => {
    const options = order.allowed.filter((one) => one.command === command)
    const option = options.find(({ task }) => task === chosen) ?? options[0]
    return option && { command, ...(option.task && { task: option.task }) }
  }
  const step = (by: number) => {
    const at = open.findIndex(({ task }) => task === chosen)
    const next = open[(at + by + open.length) % open.length]
    if (!next) return
    choose(next.task)
    document.getElementById(`task-${next.task}`)?.scrollIntoView({ block: 'nearest' })
  }
  const group = t('give.group')
  const shortcuts = [
    ...[...taskCommands, ...orderCommands].flatMap((command) => {
      const next = target(command)
      return next ? [{ id: `order-${command}`, keys: keysOf[command], label: t(`command:${command}`), group, run: () => begin(next) }] : []
    }),
    ...(open.length > 1
      ? [
          { id: 'order-next', keys: 'j', label: t('give.next'), group, run: () => step(1) },
          { id: 'order-previous', keys: 'k', label: t('give.previous'), group, run: () => step(-1) },
        ]
      : []),
  ]
  useShortcuts(byKey ? shortcuts : [])
  return { asked, close: () => setAsked(undefined), begin, busy: give.isPending, chosen, choose, of }
}
