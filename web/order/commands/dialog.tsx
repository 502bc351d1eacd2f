/** One command with its form: what is refused stands at its field, or above the buttons where it has none. */
import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../http/problem.ts'
import type { Allowed, Order, ProcessDetail } from '../../http/types.ts'
import { useFirstFault } from '../../parts/form/first-fault.ts'
import { fieldErrors, problemText } from '../../parts/problem-text.ts'
import { tell } from '../../parts/tell.ts'
import { type CommandType, type Given, useGive } from '../give.ts'
import { useProcessTitles, useWords } from '../words.ts'
import { AddSignerForm, RemoveSignerForm, SignForm } from './sign-forms.tsx'
import { AmendForm } from './amend-form.tsx'
import { CommentForm } from './comment-form.tsx'
import { CompleteForm } from './complete-form.tsx'
import { TargetForm } from './target-form.tsx'
import { ExtendForm, PriorityForm, SuspendForm } from './time-forms.tsx'
import { WithdrawForm } from './withdraw-form.tsx'

export interface Asked {
  command: CommandType
  task?: string
}

export type Draft = Readonly<Record<string, unknown>>

export interface FormProps {
  order: Order
  process: ProcessDetail
  /** What the order allows of the command. */
  option: Allowed
  draft: Draft
  /** Changes parts of the draft; what is undefined is left out. */
  set: (part: Draft) => void
  errors: Readonly<Record<string, string>>
}

const forms: Partial<Record<CommandType, (props: FormProps) => ReactNode>> = {
  complete: CompleteForm,
  dispatch: TargetForm,
  reassign: TargetForm,
  sign: SignForm,
  'add-signer': AddSignerForm,
  'remove-signer': RemoveSignerForm,
  suspend: SuspendForm,
  extend: ExtendForm,
  'ask-extension': ExtendForm,
  'set-priority': PriorityForm,
  comment: CommentForm,
  withdraw: WithdrawForm,
  amend: AmendForm,
}

/** With a reason that must be given, with one that may, or with a note. */
const reasons: Partial<Record<CommandType, 'reason' | 'optional' | 'note'>> = {
  refuse: 'reason',
  return: 'reason',
  reassign: 'reason',
  suspend: 'reason',
  'remove-signer': 'reason',
  withdraw: 'reason',
  extend: 'reason',
  'ask-extension': 'reason',
  'deny-extension': 'reason',
  raise: 'reason',
  amend: 'reason',
  dispatch: 'optional',
  resume: 'optional',
  'set-priority': 'optional',
  urge: 'note',
  complete: 'note',
}

/** Takes back, or cannot be taken back. */
const grave = new Set<CommandType>(['withdraw', 'raise', 'refuse', 'return'])

interface Props {
  asked: Asked | undefined
  order: Order
  process: ProcessDetail
  close: () => void
}

export function CommandDialog({ asked, order, process, close }: Props) {
  const { t } = useTranslation(['command', 'common', 'order'])
  const small = useMediaQuery('(max-width: 48em)')
  const words = useWords(process)
  // What is being closed keeps its title until it is gone.
  const [last, setLast] = useState(asked)
  if (asked && asked !== last) setLast(asked)
  const shown = asked ?? last
  const option = shown && order.allowed.find(({ command, task }) => command === shown.command && task === shown.task)
  return (
    <Modal
      opened={asked !== undefined}
      onClose={close}
      title={
        <Text fw={600} component="span">
          {shown && t(shown.command)}
          {shown?.task && (
            <Text span c="dimmed" fw={400} ml={8}>
              {words.step(shown.task)}
            </Text>
          )}
        </Text>
      }
      size={shown?.command === 'dispatch' || shown?.command === 'reassign' ? 'lg' : 'md'}
      fullScreen={small}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {shown && option ? (
        <Body key={`${shown.command} ${shown.task}`} order={order} process={process} option={option} close={close} />
      ) : (
        <Alert color="orange">{t('order:give.changed')}</Alert>
      )}
    </Modal>
  )
}

function Body({ order, process, option, close }: Omit<FormProps, 'draft' | 'set' | 'errors'> & { close: () => void }) {
  const { t } = useTranslation(['order', 'command', 'form', 'common'])
  const [draft, setDraft] = useState<Draft>({})
  const give = useGive()
  const { command, task } = option
  const set = (part: Draft) => {
    setDraft((old) => Object.fromEntries(Object.entries({ ...old, ...part }).filter(([, value]) => value !== undefined)))
    if (give.isError) give.reset()
  }
  const problem = give.error instanceof ApiProblem ? give.error : undefined
  useFirstFault(give.error)
  const errors = fieldErrors(give.error)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { version, ...given } = draft as { version?: number }
    const body: Given = { type: command, ...(task && { task }), ...given }
    await give.mutateAsync({ order: order.id, body, ...(version !== undefined && { version }) }).then(
      () => {
        tell(t('give.sent', { command: t(`command:${command}`) }))
        close()
      },
      // Shown below.
      () => undefined,
    )
  }
  const Form = forms[command]
  const reason = reasons[command]
  const field = reason === 'note' ? 'note' : 'reason'
  const atField = Object.keys(errors).length > 0
  return (
    <form onSubmit={(event) => void submit(event)} noValidate={command !== 'comment' && reason !== 'reason'}>
      <Stack gap="sm">
        {Form && <Form order={order} process={process} option={option} draft={draft} set={set} errors={errors} />}
        {command === 'raise' && <RaiseText process={process} />}
        {reason && (
          <Textarea
            label={field === 'note' ? t('form:note') : t('form:reason')}
            description={field === 'note' ? t('give.noteHint') : undefined}
            required={reason === 'reason'}
            maxLength={reason === 'note' ? 20_000 : 400}
            autosize
            minRows={2}
            maxRows={8}
            // Where the form above asks nothing, one begins here.
            data-autofocus={!Form || command === 'withdraw' || undefined}
            value={(draft[field] as string | undefined) ?? ''}
            error={errors[field]}
            onChange={(event) => set({ [field]: event.currentTarget.value || undefined })}
          />
        )}
        {give.error != null && (
          <Alert color="red" role="alert" title={t('common:failed')}>
            <Text size="sm" className="words">
              {atField && problem ? problem.document.title : problemText(give.error)}
            </Text>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={give.isPending} color={grave.has(command) ? 'red' : undefined}>
            {t(`command:${command}`)}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function RaiseText({ process }: { process: ProcessDetail }) {
  const { t } = useTranslation('order')
  const title = useProcessTitles()
  return <Text size="sm">{t('give.raiseTo', { process: title(process.raise?.to ?? '') })}</Text>
}
