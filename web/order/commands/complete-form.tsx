import { Alert, Radio, Stack, Text } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { inGroup, useMe } from '../../app/session.ts'
import type { Facts } from '../../http/types.ts'
import { Fields } from '../../parts/form/fields.tsx'
import { attach } from '../attach.ts'
import { stepOf, useWords } from '../words.ts'
import type { FormProps } from './dialog.tsx'

/** The outcome, and the form that goes with it. */
export function CompleteForm({ order, process, option, draft, set, errors }: FormProps) {
  const { t } = useTranslation(['order', 'form'])
  const me = useMe()
  const words = useWords(process)
  const task = option.task!
  const outcomes = option.outcomes ?? []
  const chosen = outcomes.find(({ id }) => id === draft.outcome)
  useEffect(() => {
    if (outcomes.length === 1 && draft.outcome === undefined) set({ outcome: outcomes[0]!.id })
  }, [])
  const irreversible = chosen && process.steps[stepOf(task)]?.outcomes[chosen.id]?.irreversible
  return (
    <>
      <Radio.Group
        label={t('form:outcome')}
        required
        value={chosen?.id ?? ''}
        error={errors.outcome}
        onChange={(outcome) => set({ outcome, form: undefined })}
      >
        <Stack gap={6} mt={4}>
          {outcomes.map(({ id }, i) => (
            <Radio key={id} value={id} label={words.outcome(task, id)} data-autofocus={i === 0 || undefined} />
          ))}
        </Stack>
      </Radio.Group>
      {irreversible && (
        <Alert color="orange" icon={<IconLock size={16} />} py={6}>
          <Text size="sm">{t('give.irreversible')}</Text>
        </Alert>
      )}
      {chosen && Object.keys(chosen.form).length > 0 && (
        <Fields
          key={chosen.id}
          form={chosen.form}
          values={(draft.form as Facts | undefined) ?? {}}
          onChange={(form) => set({ form: Object.keys(form).length > 0 ? form : undefined })}
          errors={errors}
          customer={order.customer?.id}
          supervisor={inGroup(me, 'supervisor')}
          upload={async (file) => (await attach(order.id, file, task)).id}
        />
      )}
    </>
  )
}
