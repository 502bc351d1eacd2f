/** The computed graph of a process with the route of an order on it. A picture for the eye; the list beside it says the same. */
import './map.css'
import { ActionIcon, Group, Paper, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconCurrentLocation, IconMinus, IconPlus } from '@tabler/icons-react'
import { useId, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Names, Order, ProcessDetail, Task } from '../../http/types.ts'
import { useNow } from '../../parts/now.ts'
import { duration } from '../../parts/time.ts'
import { useJoin, useLang, useTitles } from '../../texts/use-lang.ts'
import { type Box, drawing, FONT, type Line, LINE } from './layout.ts'
import { endId, type Route, START } from './route.ts'
import { useView } from './use-view.ts'
import { wrap } from './wrap.ts'

interface Props {
  order: Order
  process: ProcessDetail
  route: Route
  chosen?: string
  onChoose: (step: string) => void
}

export default function ProcessMap({ order, process, route, chosen, onChoose }: Props) {
  const { t } = useTranslation('order')
  const { list } = useJoin()
  const { say } = useTitles()
  const lang = useLang()
  const tip = useId()
  const frame = useRef<HTMLDivElement>(null)
  const open = [...route.steps].filter(([, { open: tasks }]) => tasks.length > 0).map(([step]) => step)
  const shape = `${process.id} ${lang} ${open.join()}`
  const drawn = useMemo(() => drawing(process, say, new Set(open)), [shape])
  const focus = drawn.boxes.find(({ id }) => id === (open[0] ?? endId(order.end ?? ''))) ?? drawn.boxes.find(({ id }) => id === START)
  const { view, fit, begin, zoomIn, zoomOut, wasDragged, handlers } = useView(frame, drawn, focus)
  const tools = [
    { label: t('map.zoomIn'), Icon: IconPlus, run: zoomIn },
    { label: t('map.zoomOut'), Icon: IconMinus, run: zoomOut },
    { label: t('map.fit'), Icon: IconArrowsMaximize, run: fit },
    { label: t('map.here'), Icon: IconCurrentLocation, run: begin },
  ]
  return (
    <div
      ref={frame}
      className="map-frame"
      tabIndex={0}
      role="group"
      aria-label={t('map.keys')}
      {...handlers}
      onClick={(event) => {
        const step = (event.target as Element).closest('[data-pick]')?.getAttribute('data-pick')
        if (step && !wasDragged()) onChoose(step)
      }}
    >
      <svg
        role="img"
        aria-label={t('map.picture', { process: say(process.title), open: list(open.map((id) => say(process.steps[id]?.title))) })}
      >
        <defs>
          {['', '-taken'].map((kind) => (
            <marker
              key={kind}
              id={`${tip}${kind}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0 0L8 4L0 8z" className={`map-tip${kind}`} />
            </marker>
          ))}
        </defs>
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          {[...drawn.lines]
            .sort((a, b) => timesOf(a, route) - timesOf(b, route))
            .map((line) => (
              <LineOf key={`${line.from} ${line.to}`} line={line} times={timesOf(line, route)} tip={tip} />
            ))}
          {drawn.lines.map((line) => (
            <LabelOf key={`${line.from} ${line.to}`} line={line} times={timesOf(line, route)} />
          ))}
          {drawn.boxes.map((box) => (
            <BoxOf key={box.id} box={box} order={order} process={process} route={route} chosen={chosen === box.id} names={order.names} />
          ))}
        </g>
      </svg>
      <Paper className="map-tools" withBorder p={2}>
        <Group gap={2}>
          {tools.map(({ label, Icon, run }) => (
            <Tooltip key={label} label={label}>
              <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={run}>
                <Icon size={16} />
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
      </Paper>
    </div>
  )
}

const timesOf = ({ keys }: Line, { taken }: Route): number => keys.reduce((sum, key) => sum + (taken.get(key) ?? 0), 0)

const LineOf = ({ line, times, tip }: { line: Line; times: number; tip: string }) => (
  <g className="map-line" data-back={line.back || undefined} data-taken={times > 0 || undefined}>
    <path d={line.path} markerEnd={`url(#${tip}${times > 0 ? '-taken' : ''})`} />
  </g>
)

function LabelOf({ line: { lines, x, y }, times }: { line: Line; times: number }) {
  if (lines.length === 0 && times < 2) return null
  const texts = times > 1 && lines.length > 0 ? [...lines.slice(0, -1), `${lines.at(-1)} ×${times}`] : lines
  const height = texts.length * 14
  const width = Math.max(...texts.map((text) => text.length), 0)
  return (
    <g className="map-line" data-taken={times > 0 || undefined}>
      {width > 0 &&
        texts.map((text, i) => (
          <text
            key={text}
            x={x}
            y={y - height / 2 + 11 + i * 14}
            textAnchor="middle"
            stroke="var(--mantine-color-body)"
            strokeWidth={4}
            paintOrder="stroke"
          >
            {text}
          </text>
        ))}
    </g>
  )
}

interface BoxProps {
  box: Box
  order: Order
  process: ProcessDetail
  route: Route
  chosen: boolean
  names: Names
}

function BoxOf({ box, order, process, route, chosen, names }: BoxProps) {
  const left = box.x - box.width / 2
  const top = box.y - box.height / 2
  if (box.kind === 'start')
    return (
      <g className="map-box" data-state="done">
        <rect className="map-face" x={left} y={top} width={box.width} height={box.height} rx={box.width / 2} />
        <circle cx={box.x} cy={box.y} r={5} className="map-count" />
      </g>
    )
  const so = route.steps.get(box.id)
  const isOpen = (so?.open.length ?? 0) > 0
  const late = so?.open.some(({ breachedAt }) => breachedAt !== null)
  const ended = box.kind === 'end' && order.end !== null && box.id === endId(order.end)
  const state = late ? 'late' : isOpen ? 'open' : ended || (so?.done ?? 0) > 0 ? 'done' : 'ahead'
  const step = process.steps[box.id]
  const isOrder = step?.child !== undefined
  const times = (so?.done ?? 0) + (so?.open.length ?? 0)
  const titleTop = top + (box.kind === 'end' ? 7 : 10)
  return (
    <g
      className="map-box"
      data-state={state}
      data-kind={box.kind}
      data-pick={box.kind === 'step' ? box.id : undefined}
      data-chosen={chosen || undefined}
    >
      {isOrder && <rect x={left + 4} y={top + 4} width={box.width} height={box.height} rx={4} />}
      <rect className="map-face" x={left} y={top} width={box.width} height={box.height} rx={box.kind === 'end' ? box.height / 2 : 4} />
      {step?.automatic !== undefined && (
        <line x1={left + 5} x2={left + 5} y1={top + 6} y2={top + box.height - 6} stroke="var(--mantine-color-indigo-5)" strokeWidth={3} />
      )}
      {box.lines.map((line, i) => (
        <text
          key={line}
          x={box.x}
          y={titleTop + 13 + i * LINE}
          textAnchor="middle"
          fontSize={FONT}
          fontWeight={isOpen || ended ? 600 : 400}
        >
          {line}
        </text>
      ))}
      {isOpen && <Foot task={so!.open[0]!} more={so!.open.length - 1} x={box.x} y={top + box.height - 30} names={names} />}
      {state === 'done' && box.kind === 'step' && <Mark x={left + box.width} y={top} text={times > 1 ? `✓ ×${times}` : '✓'} />}
      {isOpen && times > 1 && <Mark x={left + box.width} y={top} text={`×${times}`} />}
    </g>
  )
}

function Mark({ x, y, text }: { x: number; y: number; text: string }) {
  const width = text.length > 1 ? 12 + text.length * 6.5 : 18
  return (
    <>
      <rect
        className="map-count"
        x={x - width + 6}
        y={y - 9}
        width={width}
        height={18}
        rx={9}
        style={{ fill: 'var(--mantine-color-gray-7)', stroke: 'none' }}
      />
      <text className="map-count-text" x={x - width / 2 + 6} y={y + 4} textAnchor="middle">
        {text}
      </text>
    </>
  )
}

/** Who has an open step, and how long it may take yet. */
function Foot({ task, more, x, y, names }: { task: Task; more: number; x: number; y: number; names: Names }) {
  const { t } = useTranslation('common')
  const { name } = useTitles()
  const lang = useLang()
  const now = useNow(10_000)
  const due = task.dueAt === null ? undefined : Date.parse(task.dueAt)
  const time = due === undefined ? undefined : duration(Math.abs(due - now), lang)
  const limit = task.suspended ? t('due.paused') : time === undefined ? '' : now >= due! ? t('due.late', { time }) : t('due.left', { time })
  const holder = name(names, task.person ?? task.unit) || t(`status.${statusOf(task)}`)
  return (
    <>
      <text className="map-foot" x={x} y={y + 8} textAnchor="middle">
        {wrap(holder, 12, 1)[0]}
        {more > 0 && ` +${more}`}
      </text>
      <text className="map-foot map-due" x={x} y={y + 23} textAnchor="middle">
        {limit}
      </text>
    </>
  )
}

const statusOf = ({ status }: Task) => (status === 'automatic' ? 'automatic' : status === 'undispatched' ? 'undispatched' : 'waiting')
