import { TextInput, type TextInputProps } from '@mantine/core'
import { useState } from 'react'

interface Props extends Pick<TextInputProps, 'aria-label' | 'size'> {
  /** HH:MM; midnight at the end of a day is 24:00. */
  value: string
  onChange: (value: string) => void
}

const whole = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/

/** 830 and 8:30 → 08:30. */
const written = (text: string): string => {
  const digits = text.replace(/\D/g, '')
  return /^\d{3,4}$/.test(digits) ? `${digits.slice(0, -2).padStart(2, '0')}:${digits.slice(-2)}` : text
}

/** A time of day in 24 hours, whatever the browser's own clock looks like. */
export function TimeField({ value, onChange, ...rest }: Props) {
  const [typed, setTyped] = useState<string>()
  return (
    <TextInput
      {...rest}
      required
      w={64}
      maxLength={5}
      inputMode="numeric"
      placeholder="08:30"
      pattern="([01]\d|2[0-3]):[0-5]\d|24:00"
      value={typed ?? value}
      onChange={(event) => {
        const text = event.currentTarget.value
        setTyped(text)
        if (whole.test(text)) onChange(text)
      }}
      onBlur={() => {
        const text = written(typed ?? value)
        if (whole.test(text)) {
          onChange(text)
          setTyped(undefined)
        } else setTyped(text)
      }}
    />
  )
}
