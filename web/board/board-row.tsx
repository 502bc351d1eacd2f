import { IconAlarm, IconAlertTriangle } from '@tabler/icons-react'
import { type KeyboardEvent, memo } from 'react'
import classes from './board.module.css'

/** What a row shows, in words: what does not change is not drawn again, however often the list is scrolled or refreshed. */
export interface RowWords {
  select: string
  step: string
  order: string
  no: string
  customer: string
  holder: string
  status: string
  colour: string
  due: string
  dueKind: 'none' | 'paused' | 'late' | 'soon' | 'left'
  dueAt: string
}

interface Props extends RowWords {
  at: number
  start: number
  /** Has the keyboard. */
  here: boolean
  chosen: boolean
  /** These stay the same from drawing to drawing. */
  focus: (at: number) => void
  open: () => void
  toggle: (at: number) => void
  press: (at: number, event: KeyboardEvent) => void
}

/** Light on purpose: in a quick scroll half a dozen are made in a frame. */
export const BoardRow = memo(function BoardRow({ at, start, here, chosen, focus, open, toggle, press, ...words }: Props) {
  return (
    <div
      role="row"
      tabIndex={here ? 0 : -1}
      data-index={at}
      data-focused={here || undefined}
      aria-rowindex={at + 2}
      aria-selected={chosen}
      className={`${classes.row} ${classes.line}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => focus(at)}
      onFocus={() => focus(at)}
      onDoubleClick={open}
      onKeyDown={(event) => press(at, event)}
    >
      <div role="gridcell" data-cell="check">
        <input
          type="checkbox"
          tabIndex={-1}
          className={classes.check}
          aria-label={words.select}
          checked={chosen}
          onChange={() => toggle(at)}
          onClick={(event) => event.stopPropagation()}
        />
      </div>
      <div role="gridcell" data-cell="step" title={words.step}>
        {words.step}
      </div>
      <div role="gridcell" data-cell="order" title={`${words.no} ${words.order}`}>
        <div className={classes.cut}>{words.order}</div>
        <div className={`${classes.cut} ${classes.no}`}>{words.no}</div>
      </div>
      <div role="gridcell" data-cell="customer">
        {words.customer}
      </div>
      <div role="gridcell" data-cell="holder">
        {words.holder}
      </div>
      <div role="gridcell" data-cell="status">
        <span className={classes.tag} data-colour={words.colour}>
          {words.status}
        </span>
      </div>
      <div role="gridcell" data-cell="due">
        <span className={classes.tag} data-due={words.dueKind} title={words.dueAt}>
          {words.dueKind === 'late' ? (
            <IconAlertTriangle size={12} />
          ) : words.dueKind === 'soon' || words.dueKind === 'left' ? (
            <IconAlarm size={12} />
          ) : null}
          {words.due}
        </span>
      </div>
    </div>
  )
})
