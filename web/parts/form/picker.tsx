/** Something that is looked up while one types: a customer, a service, a person, a unit. */
import { Combobox, InputBase, Loader, Text, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../../http/client.ts'

export interface Choice {
  value: string
  label: string
  hint?: string
}

export interface PickerProps {
  label: string
  /** What was chosen; its label is shown as long as nothing newer is known. */
  value: Choice | null
  onChange: (choice: Choice | null) => void
  /** Path of the list, with the filters that always hold. */
  path: string
  query?: Readonly<Record<string, string | undefined>>
  toChoice: (item: never) => Choice
  required?: boolean
  error?: string
  disabled?: boolean
  autoFocus?: boolean
}

export function Picker({ label, value, onChange, path, query = {}, toChoice, required, error, disabled, autoFocus }: PickerProps) {
  const { t } = useTranslation('form')
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() })
  const [typed, setTyped] = useState<string>()
  const [asked] = useDebouncedValue(typed?.trim() ?? '', 180)
  const found = useQuery({
    queryKey: ['pick', path, query, asked],
    queryFn: ({ signal }) => get<{ items: unknown[] }>(path, { ...query, q: asked || undefined, limit: 20 }, signal),
    enabled: box.dropdownOpened && !disabled,
  })
  const choices = (found.data?.items ?? []).map((item) => toChoice(item as never))
  // Whoever types takes the best answer with Enter.
  const answered = typed !== undefined && typed.trim() === asked && found.data !== undefined
  const { selectFirstOption, resetSelectedOption } = box
  useEffect(() => {
    if (answered && asked) selectFirstOption()
    else resetSelectedOption()
  }, [answered, asked, selectFirstOption, resetSelectedOption])
  const leave = () => {
    box.closeDropdown()
    setTyped(undefined)
  }
  return (
    <Combobox
      store={box}
      onOptionSubmit={(id) => {
        onChange(choices.find((choice) => choice.value === id) ?? null)
        leave()
      }}
    >
      <Combobox.Target>
        <InputBase
          label={label}
          required={required}
          error={error}
          disabled={disabled}
          // Of a page, and of a dialog, whose trap looks for this mark.
          autoFocus={autoFocus}
          data-autofocus={autoFocus || undefined}
          value={typed ?? value?.label ?? ''}
          placeholder={t('typeToSearch')}
          rightSection={found.isFetching ? <Loader size={14} /> : <Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            if (event.currentTarget.value === '') onChange(null)
            box.openDropdown()
            box.updateSelectedOptionIndex()
          }}
          onKeyDown={(event) => {
            // As long as the list is open, Enter is an answer to it and does not send the form.
            if (event.key === 'Enter' && box.dropdownOpened) event.preventDefault()
          }}
          onFocus={() => box.openDropdown()}
          onClick={() => box.openDropdown()}
          onBlur={leave}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }} aria-label={label}>
          {choices.map(({ value: id, label: name, hint }) => (
            <Combobox.Option value={id} key={id}>
              <Text size="sm">{name}</Text>
              {hint && (
                <Text size="xs" c="dimmed">
                  {hint}
                </Text>
              )}
            </Combobox.Option>
          ))}
          {found.data && choices.length === 0 && <Combobox.Empty>{t('nothingFound')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
