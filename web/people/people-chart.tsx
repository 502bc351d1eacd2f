import { Text } from '@mantine/core'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Names } from '../http/types.ts'
import { useNow } from '../parts/now.ts'
import { clockTime } from '../parts/time.ts'
import { useLang, useTitles } from '../texts/use-lang.ts'
import type { Moving } from './move-dialog.tsx'
import classes from './people.module.css'
import { PersonHead } from './person-head.tsx'
import { across, type Day, stack } from './place.ts'
import type { Load, TimelineRow, TimelineTask } from './queries.ts'

interface Props {
  day: Day
  date: string
  rows: readonly TimelineRow[]
  names: Names
  load: Load['items']
  move: (moving: Moving) => void
}

const hours = [0, 3, 6, 9, 12, 15, 18, 21]
/** So long a task is drawn at least, that it can be read and taken hold of. */
const LEAST_MS = 90 * 60_000
const ROW_PX = 24

/** People down, hours across: shifts as ground, absences hatched, tasks from acceptance to their limit. */
export function PeopleChart({ day, date, rows, names, load, move }: Props) {
  const { t } = useTranslation('people')
  const now = useNow(60_000)
  const line = across(day, { from: new Date(now).toISOString(), to: new Date(now + 1).toISOString() })
  return (
    <div className={classes.chart} role="table" tabIndex={0} aria-label={t('chart', { day: date })}>
      <div className={classes.row} role="row">
        <div className={classes.corner} role="columnheader">
          {t('person')}
        </div>
        <div className={classes.hours} role="columnheader">
          {hours.map((hour) => (
            <span key={hour} style={{ insetInlineStart: `${(hour / 24) * 100}%` }}>
              {String(hour).padStart(2, '0')}:00
            </span>
          ))}
        </div>
      </div>
      {rows.map((row) => (
        <PersonRow
          key={row.person}
          row={row}
          day={day}
          names={names}
          load={load.find(({ person }) => person === row.person)}
          now={line?.left}
          move={move}
        />
      ))}
    </div>
  )
}

const KIND = 'application/x-paidan-task'

interface RowProps extends Pick<Props, 'day' | 'names' | 'move'> {
  row: TimelineRow
  load: Load['items'][number] | undefined
  now: number | undefined
}

function PersonRow({ row, day, names, load, now, move }: RowProps) {
  const { t } = useTranslation('people')
  const lang = useLang()
  const [over, setOver] = useState(false)
  const tasks = stack(
    // What is done is a number beside the name; drawn, it would hide what is not.
    row.tasks
      .filter(({ closedAt }) => closedAt === null)
      .flatMap((task) => {
        const box = across(day, { from: task.from, to: task.dueAt }, LEAST_MS)
        return box ? [{ ...box, task }] : []
      }),
  )
  const height = Math.max(2, 1 + Math.max(-1, ...tasks.map((box) => box.row))) * ROW_PX + 8
  const drop = (event: DragEvent) => {
    setOver(false)
    const dragged = event.dataTransfer.getData(KIND)
    if (!dragged) return
    event.preventDefault()
    const { task, from } = JSON.parse(dragged) as { task: TimelineTask; from: string }
    if (from !== row.person) move({ task, to: { value: row.person, label: row.name[lang] } })
  }
  return (
    <div className={classes.row} role="row">
      <div className={classes.head} role="rowheader">
        <PersonHead row={row} load={load} names={names} />
      </div>
      <div
        className={classes.lane}
        role="cell"
        data-over={over || undefined}
        style={{ height }}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(KIND)) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {(row.shifts ?? []).map((shift) => {
          const box = across(day, shift)
          const label = t('shift', { from: clockTime(shift.from, lang).slice(-5), to: clockTime(shift.to, lang).slice(-5) })
          return (
            box && <div key={shift.from} className={classes.shift} style={{ left: `${box.left}%`, width: `${box.width}%` }} title={label} />
          )
        })}
        {row.absences.map((absence) => {
          const box = across(day, absence)
          return (
            box && (
              <div key={absence.from} className={classes.absence} style={{ left: `${box.left}%`, width: `${box.width}%` }}>
                <Text size="xs">{t('absent', { reason: absence.reason })}</Text>
              </div>
            )
          )
        })}
        {now !== undefined && <div className={classes.now} style={{ left: `${now}%` }} title={t('now')} />}
        {tasks.map(({ task, left, width, row: at }) => (
          <TaskBox
            key={`${task.order} ${task.task}`}
            task={task}
            from={row.person}
            style={{ left: `${left}%`, width: `${width}%`, top: at * ROW_PX + 4 }}
            move={() => move({ task })}
          />
        ))}
      </div>
    </div>
  )
}

function TaskBox({ task, from, style, move }: { task: TimelineTask; from: string; style: object; move: () => void }) {
  const { say } = useTitles()
  const lang = useLang()
  const label = `${say(task.title)} · ${task.orderNo ?? task.orderTitle}${task.dueAt ? ` · ${clockTime(task.dueAt, lang)}` : ''}`
  return (
    <button
      type="button"
      className={classes.task}
      style={style}
      title={label}
      aria-label={label}
      draggable
      data-state={task.overdue ? 'overdue' : 'open'}
      onDragStart={(event) => event.dataTransfer.setData(KIND, JSON.stringify({ task, from }))}
      onKeyDown={(event) => event.key === 'm' && move()}
      onDoubleClick={move}
    >
      {say(task.title)}
    </button>
  )
}
