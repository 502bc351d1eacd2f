import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import './order.css'

export interface Line {
  key: string
  label: ReactNode
  value: ReactNode
}

/** Names and values under each other; beside each other where there is room. */
export function FactList({ lines }: { lines: readonly Line[] }) {
  return (
    <dl className="fact-list">
      {lines.map(({ key, label, value }) => (
        <div key={key}>
          <Text component="dt" size="xs" c="dimmed">
            {label}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {value}
          </Text>
        </div>
      ))}
    </dl>
  )
}
