import { Text } from '@mantine/core'
import type { Line, Said as Value } from './use-say.ts'
import classes from '../audit.module.css'

/** What was said, as text; names with what stands under each as a list, as deep as it goes. */
export function Said({ of }: { of: Value }) {
  return typeof of === 'string' ? <span className={classes.value}>{of}</span> : <Lines of={of} />
}

export function Lines({ of }: { of: readonly Line[] }) {
  return (
    <dl className={classes.lines}>
      {of.map(({ key, label, said }) => (
        <div key={key}>
          <Text component="dt" size="xs" c="dimmed">
            {label}
          </Text>
          <Text component="dd" size="xs" m={0}>
            <Said of={said} />
          </Text>
        </div>
      ))}
    </dl>
  )
}
