import { Group, Pill, Stack } from '@mantine/core'
import type { ComponentType } from 'react'
import type { Choice, PickerProps } from './picker.tsx'

interface Props {
  as: ComponentType<Pick<PickerProps, 'label' | 'value' | 'onChange' | 'required' | 'error'>>
  label: string
  values: readonly Choice[]
  onChange: (values: Choice[]) => void
  required?: boolean
  error?: string
}

/** Several of a list: what is chosen stands above, the next is looked for below. */
export function ListPicker({ as: One, label, values, onChange, required, error }: Props) {
  return (
    <Stack gap={4}>
      <One
        label={label}
        value={null}
        required={required && values.length === 0}
        error={error}
        onChange={(choice) => choice && !values.some(({ value }) => value === choice.value) && onChange([...values, choice])}
      />
      <Group gap={4}>
        {values.map((one) => (
          <Pill key={one.value} withRemoveButton onRemove={() => onChange(values.filter(({ value }) => value !== one.value))}>
            {one.label}
          </Pill>
        ))}
      </Group>
    </Stack>
  )
}
