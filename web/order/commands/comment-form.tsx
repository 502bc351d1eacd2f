import { Checkbox, Combobox, Text, Textarea, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../../http/client.ts'
import type { StaffList } from '../../http/types.ts'
import { useLang, useTitles } from '../../texts/use-lang.ts'
import type { FormProps } from './dialog.tsx'

interface Mention {
  id: string
  name: string
}

/** What is being typed after an @ before the caret. */
const beginning = (text: string, caret: number): string | undefined => /(?:^|[^\w@])@([^\s@]{0,20})$/.exec(text.slice(0, caret))?.[1]

/** A comment. Whoever is mentioned with an @ is told of it. */
export function CommentForm({ order, draft, set, errors }: FormProps) {
  const { t } = useTranslation(['order', 'form'])
  const { say } = useTitles()
  const lang = useLang()
  const box = useCombobox()
  const [caret, setCaret] = useState(0)
  const [mentions, setMentions] = useState<Mention[]>([])
  const text = (draft.text as string | undefined) ?? ''
  const [asked] = useDebouncedValue(beginning(text, caret), 150)
  const found = useQuery({
    queryKey: ['pick', '/staff', asked],
    queryFn: ({ signal }) => get<StaffList>('/staff', { q: asked || undefined, limit: 8 }, signal),
    enabled: asked !== undefined,
  })
  const people = asked === undefined ? [] : (found.data?.items ?? [])
  const write = (value: string, known = mentions) => {
    const named = known.filter(({ name }) => value.includes(`@${name}`))
    setMentions(named)
    set({ text: value || undefined, mentions: named.length > 0 ? named.map(({ id }) => id) : undefined })
  }
  const choose = (id: string) => {
    const person = people.find((one) => one.id === id)
    const typed = beginning(text, caret)
    if (!person || typed === undefined) return
    const name = say(person.name)
    const before = `${text.slice(0, caret - typed.length)}${name} `
    write(before + text.slice(caret), [...mentions, { id, name }])
    setCaret(before.length)
    box.closeDropdown()
  }
  return (
    <>
      <Combobox store={box} onOptionSubmit={choose} withinPortal={false}>
        <Combobox.EventsTarget>
          <Textarea
            label={t('give.comment')}
            description={t('give.mention')}
            required
            autosize
            minRows={3}
            maxRows={12}
            maxLength={20_000}
            data-autofocus
            value={text}
            error={errors.text ?? errors.mentions}
            onChange={({ currentTarget: { value, selectionStart } }) => {
              write(value)
              setCaret(selectionStart)
              if (beginning(value, selectionStart) !== undefined) {
                box.openDropdown()
                box.selectFirstOption()
              } else box.closeDropdown()
            }}
            onBlur={() => box.closeDropdown()}
          />
        </Combobox.EventsTarget>
        <Combobox.DropdownTarget>
          <div />
        </Combobox.DropdownTarget>
        <Combobox.Dropdown hidden={people.length === 0}>
          <Combobox.Options aria-label={t('give.mention')}>
            {people.map(({ id, name, unit }) => (
              <Combobox.Option value={id} key={id}>
                {say(name)}
                <Text span size="xs" c="dimmed" ml={8}>
                  {unit}
                </Text>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {mentions.length > 0 && (
        <Text size="xs" c="dimmed">
          {t('give.mentioned', { names: mentions.map(({ name }) => name).join(lang === 'zh' ? '\u3001' : ', ') })}
        </Text>
      )}
      {order.customer && (
        <Checkbox
          label={t('give.told')}
          description={t('give.toldHint')}
          checked={draft.told === 'customer'}
          onChange={(event) => set({ told: event.currentTarget.checked ? 'customer' : undefined })}
        />
      )}
    </>
  )
}
