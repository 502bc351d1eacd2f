import { Alert, Badge, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { inGroup, useMe } from '../app/session.ts'
import { customerQuery } from '../customers/queries.ts'
import { post } from '../http/client.ts'
import { ApiProblem, Unreachable } from '../http/problem.ts'
import { processesQuery, queryClient } from '../http/queries.ts'
import type { ProcessSummary, Started } from '../http/types.ts'
import { Fields } from '../parts/form/fields.tsx'
import { useFirstFault } from '../parts/form/first-fault.ts'
import { CustomerPicker } from '../parts/form/pickers.tsx'
import { PageTitle } from '../parts/page-title.tsx'
import { fieldErrors, problemText } from '../parts/problem-text.ts'
import { Loaded } from '../parts/query-state.tsx'
import { tell } from '../parts/tell.ts'
import { useTitles } from '../texts/use-lang.ts'
import { CustomerBeside, RepeatsOf, repeatsQuery, SameService } from './beside.tsx'
import { useDraft } from './draft.ts'
import './new-order.css'
import { ProcessPicker } from './process-picker.tsx'

/** Somebody reports something: first what it is about, then the form that the process asks for. */
export function NewOrderPage() {
  const { t } = useTranslation('newOrder')
  const { say } = useTitles()
  const search = useSearch({ from: '/inside/orders/new' })
  const asked = useQuery({ ...customerQuery(search.customer ?? ''), enabled: search.customer !== undefined }).data
  const processes = useQuery(processesQuery)
  const state = useDraft({
    ...(search.process && { process: search.process }),
    ...(search.customer && { customer: { value: search.customer, label: search.customer } }),
  })
  const { draft, set } = state
  const customer = draft.customer && asked?.id === draft.customer.value ? { value: asked.id, label: say(asked.name) } : draft.customer
  return (
    <>
      <PageTitle title={t('title')} />
      <Loaded of={processes}>
        {({ items }) => {
          const process = items.find(({ id, startable }) => id === draft.process && startable)
          if (!process) return <ProcessPicker processes={items} choose={(id) => set({ process: id, values: {} })} />
          return <StartForm key={process.id} process={process} state={{ ...state, draft: { ...draft, customer } }} />
        }}
      </Loaded>
    </>
  )
}

const priorities = ['1', '2', '3', '4'] as const

function StartForm({ process, state }: { process: ProcessSummary; state: ReturnType<typeof useDraft> }) {
  const { t } = useTranslation(['newOrder', 'common'])
  const { say } = useTitles()
  const me = useMe()
  const navigate = useNavigate()
  const { draft, set, renew, clear } = state
  const { customer, values } = draft
  const takesCustomer = process.customer !== 'none'
  const suggested = [say(process.title), customer?.label].filter(Boolean).join(' \u00b7 ')
  const start = useMutation({
    mutationFn: () =>
      post<Started>(
        '/orders',
        {
          process: process.id,
          title: draft.title.trim() || suggested,
          input: values,
          ...(takesCustomer && customer && { customerId: customer.value }),
          ...(draft.priority && { priority: draft.priority }),
        },
        { key: draft.key },
      ),
    onSuccess: async ({ order, existing }) => {
      clear()
      tell(existing ? t('existing') : t('created', { no: '' }).trim())
      void queryClient.invalidateQueries({ queryKey: ['orders'] })
      await navigate({ to: '/orders/$order', params: { order } })
    },
    // An answer has come: what is sent next is another request.
    onError: (error) => {
      if (error instanceof ApiProblem) renew()
    },
  })
  useFirstFault(start.error)
  const errors = fieldErrors(start.error)
  const atField = Object.keys(errors).some((name) => name in process.input || ['title', 'customerId', 'priority'].includes(name))
  const fact = useQuery(repeatsQuery(process.id, { value: '-' })).data?.fact
  const [value] = useDebouncedValue(fact ? values[fact] : undefined, 300)
  const service = typeof values.service === 'string' ? values.service : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!start.isPending) start.mutate()
  }
  return (
    <div className="new-order">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Group gap="xs">
            <Badge color="gray">{process.no}</Badge>
            <Text fw={600}>{say(process.title)}</Text>
            <Button size="compact-xs" variant="subtle" onClick={() => set({ process: undefined })}>
              {t('other')}
            </Button>
          </Group>
          {takesCustomer && (
            <CustomerPicker
              label={t('customer')}
              required={process.customer === 'required'}
              autoFocus
              value={customer ?? null}
              error={errors.customerId ?? errors.customer}
              onChange={(choice) => {
                const { service: _, ...rest } = values
                set({ customer: choice ?? undefined, values: choice?.value === customer?.value ? values : rest })
              }}
            />
          )}
          <TextInput
            label={t('orderTitle')}
            placeholder={t('titleHint', { title: suggested })}
            maxLength={200}
            value={draft.title}
            error={errors.title}
            onChange={(event) => set({ title: event.currentTarget.value })}
          />
          <Fields
            form={process.input}
            values={values}
            onChange={(next) => set({ values: next })}
            errors={errors}
            customer={customer?.value}
            supervisor={inGroup(me, 'supervisor')}
          />
          <div>
            <Text size="sm" fw={500} mb={4} id="priority">
              {t('priority')}
            </Text>
            <SegmentedControl
              fullWidth
              size="xs"
              aria-labelledby="priority"
              value={draft.priority ? String(draft.priority) : ''}
              onChange={(next) => set({ priority: next ? Number(next) : undefined })}
              data={[{ value: '', label: t('byRule') }, ...priorities.map((one) => ({ value: one, label: t(`common:priority.${one}`) }))]}
            />
          </div>
          {service && <SameService process={process.id} service={service} />}
          {typeof value === 'string' && value !== '' && <RepeatsOf process={process.id} value={value} />}
          {start.error && (
            <Alert color="red" role="alert" title={t('common:failed')}>
              <Text size="sm" style={{ whiteSpace: 'pre-line' }}>
                {start.error instanceof Unreachable
                  ? t('unanswered')
                  : atField
                    ? (start.error as ApiProblem).document.title
                    : problemText(start.error)}
              </Text>
            </Alert>
          )}
          <Group justify="space-between">
            <Text size="xs" c="dimmed">
              {t('kept')}
            </Text>
            <Group gap="xs">
              <Button variant="default" onClick={clear}>
                {t('discard')}
              </Button>
              <Button type="submit" loading={start.isPending}>
                {t('create')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
      {takesCustomer && customer && <CustomerBeside id={customer.value} />}
    </div>
  )
}
