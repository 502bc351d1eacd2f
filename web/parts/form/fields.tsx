/** A form as the specification of a process has it. The API checks it by the same rules; what is refused stands at its field. */
import './fields.css'
import { Checkbox, FileInput, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { DateTimePicker } from '../dates.tsx'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { choiceTitle } from '../../../domain/choice-titles.ts'
import type { Fact, Facts, Field, Form } from '../../http/types.ts'
import { useTitles } from '../../texts/use-lang.ts'
import { fromZone, toZone } from './zone-time.ts'
import { ListPicker } from './list-picker.tsx'
import type { Choice } from './picker.tsx'
import { AgentPicker, CustomerPicker, PersonPicker, ServicePicker, UnitPicker } from './pickers.tsx'

export interface FieldsProps {
  form: Form
  values: Facts
  onChange: (values: Facts) => void
  errors?: Readonly<Record<string, string>>
  /** Takes a file and answers with what the form keeps of it. */
  upload?: (file: File) => Promise<string>
  /** Services are those of this customer. */
  customer?: string
  /** May give what only a supervisor gives. */
  supervisor?: boolean
}

const LONG = 200
const short = new Set(['name', 'phone', 'number', 'no', 'code'])

export function Fields({ form, values, onChange, errors = {}, supervisor = false, ...rest }: FieldsProps) {
  const set = (name: string, value: Fact | undefined) => {
    const { [name]: _, ...others } = values
    onChange(value === undefined || value === '' ? others : { ...others, [name]: value })
  }
  return (
    <div className="fields">
      {Object.entries(form)
        .filter(([, { by }]) => by !== 'supervisor' || supervisor)
        .map(([name, field]) => (
          <OneField
            key={name}
            name={name}
            field={field}
            value={values[name]}
            set={(value) => set(name, value)}
            error={errors[name]}
            required={field.required || [field.requiredWith ?? []].flat().some((other) => values[other] === true)}
            {...rest}
          />
        ))}
    </div>
  )
}

interface OneProps extends Pick<FieldsProps, 'upload' | 'customer'> {
  name: string
  field: Field
  value: Fact | undefined
  set: (value: Fact | undefined) => void
  error?: string
  required?: boolean
}

function OneField({ name, field, value, set, error, required, upload, customer }: OneProps) {
  const { t } = useTranslation('form')
  const { say } = useTitles()
  const label = say(field.title)
  const common = { label, required, error }
  switch (field.type) {
    case 'text': {
      // A service is a text whose name says so.
      if (name === 'service') return <Chosen as={ServicePicker} {...common} value={value} set={set} query={{ customer }} />
      const props = {
        ...common,
        value: (value as string | undefined) ?? '',
        maxLength: field.max,
        placeholder: field.matches && t('example', { example: field.matches.example }),
        onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value),
      }
      const isShort = short.has(name) || (field.max !== undefined && field.max <= LONG) || field.matches !== undefined
      return isShort ? <TextInput {...props} /> : <Textarea {...props} autosize minRows={1} maxRows={8} />
    }
    case 'number':
      return (
        <NumberInput
          {...common}
          value={(value as number | undefined) ?? ''}
          min={0}
          max={field.max}
          onChange={(v) => set(v === '' ? undefined : Number(v))}
        />
      )
    case 'money':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value / 100 : ''}
          min={0}
          decimalScale={2}
          thousandSeparator=","
          suffix={` ${t('yuan')}`}
          onChange={(v) => set(v === '' ? undefined : Math.round(Number(v) * 100))}
        />
      )
    case 'instant':
      return (
        <DateTimePicker
          {...common}
          clearable
          valueFormat="YYYY-MM-DD HH:mm"
          value={typeof value === 'number' ? toZone(value) : null}
          onChange={(v) => set(v ? fromZone(v) : undefined)}
        />
      )
    case 'boolean':
      return <Checkbox label={label} error={error} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />
    case 'choice':
      return (
        <Select
          {...common}
          data={(field.choices ?? []).map((one) => ({ value: one, label: say(choiceTitle(name, one)) || one }))}
          value={(value as string | undefined) ?? null}
          onChange={(v) => set(v ?? undefined)}
          placeholder={t('choose')}
          clearable={!required}
        />
      )
    case 'unit':
      return <Chosen as={UnitPicker} {...common} value={value} set={set} />
    case 'person':
      return <Chosen as={PersonPicker} {...common} value={value} set={set} />
    case 'agent':
      return <Chosen as={AgentPicker} {...common} value={value} set={set} />
    case 'customers':
      return <ChosenList as={CustomerPicker} {...common} value={value} set={set} />
    case 'units':
      return <ChosenList as={UnitPicker} {...common} value={value} set={set} />
    case 'agents':
      return <ChosenList as={AgentPicker} {...common} value={value} set={set} />
    case 'resources':
    case 'texts':
      return (
        <Textarea
          {...common}
          description={t('addOne')}
          autosize
          minRows={2}
          value={((value as string[] | undefined) ?? []).join('\n')}
          onChange={(event) => {
            const lines = event.currentTarget.value.split('\n')
            set(lines.some((line) => line.trim() !== '') ? lines : undefined)
          }}
          onBlur={() => Array.isArray(value) && set(value.map((line) => line.trim()).filter(Boolean))}
        />
      )
    case 'file':
      return <FileField {...common} value={value as string | undefined} set={set} upload={upload} />
  }
}

type ChosenProps = Pick<OneProps, 'value' | 'set' | 'error' | 'required'> & {
  label: string
  query?: Readonly<Record<string, string | undefined>>
}

function Chosen({ as: As, value, set, ...rest }: ChosenProps & { as: typeof UnitPicker }) {
  const [choice, setChoice] = useState<Choice | null>(null)
  const known = choice?.value === value ? choice : typeof value === 'string' ? { value, label: value } : null
  return (
    <As
      {...rest}
      value={known}
      onChange={(next) => {
        setChoice(next)
        set(next?.value)
      }}
    />
  )
}

function ChosenList({ as, value, set, ...rest }: ChosenProps & { as: typeof UnitPicker }) {
  const [choices, setChoices] = useState<Choice[]>([])
  const ids = (value as string[] | undefined) ?? []
  const values = ids.map((id) => choices.find((choice) => choice.value === id) ?? { value: id, label: id })
  return (
    <ListPicker
      as={as}
      {...rest}
      values={values}
      onChange={(next) => {
        setChoices(next)
        set(next.length > 0 ? next.map(({ value: id }) => id) : undefined)
      }}
    />
  )
}

function FileField({
  upload,
  set,
  value,
  error,
  ...rest
}: Pick<OneProps, 'upload' | 'set' | 'error' | 'required'> & { label: string; value?: string }) {
  const { t } = useTranslation('form')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string>()
  const [name, setName] = useState<string>()
  const take = async (file: File | null) => {
    if (!file || !upload) return set(undefined)
    setBusy(true)
    setFailed(undefined)
    try {
      set(await upload(file))
      setName(file.name)
    } catch (caught) {
      setFailed((caught as Error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <FileInput
      {...rest}
      error={failed ?? error}
      placeholder={t('file')}
      disabled={busy}
      description={value && t('uploaded', { name: name ?? value })}
      onChange={(file) => void take(file)}
    />
  )
}
