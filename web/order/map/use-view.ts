/** Which part of a drawing is seen, moved by mouse, fingers and keys. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'

export interface View {
  /** Of the drawing's origin, in pixels of the frame. */
  x: number
  y: number
  scale: number
}

interface Size {
  width: number
  height: number
}

const LEAST = 0.25
const MOST = 2.5
const STEP = 1.25
const PAN = 60
/** Smaller than this nothing can be read. */
const READABLE = 0.72

const clamp = (scale: number): number => Math.min(MOST, Math.max(LEAST, scale))

/** @param focus what is looked at first, in the drawing's units */
export function useView(frame: RefObject<HTMLDivElement | null>, { width, height }: Size, focus: { x: number; y: number } | undefined) {
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 })
  const pointers = useRef(new Map<number, { x: number; y: number }>())
  const moved = useRef(false)
  const sizeOf = useCallback((): Size => {
    const box = frame.current?.getBoundingClientRect()
    return { width: box?.width ?? 0, height: box?.height ?? 0 }
  }, [frame])

  const fit = useCallback(() => {
    const seen = sizeOf()
    const scale = clamp(Math.min(seen.width / width, seen.height / height, 1))
    setView({ scale, x: (seen.width - width * scale) / 2, y: (seen.height - height * scale) / 2 })
  }, [height, width, sizeOf])

  /** As large as can be read, with what matters now in the middle. */
  const begin = useCallback(() => {
    const seen = sizeOf()
    if (seen.width === 0) return
    const whole = Math.min(seen.width / width, seen.height / height, 1)
    if (whole >= READABLE || !focus) return fit()
    const scale = clamp(Math.max(READABLE, Math.min(seen.width / width, 1)))
    const within = (at: number, length: number, room: number) =>
      length * scale <= room ? (room - length * scale) / 2 : Math.min(0, Math.max(room - length * scale, room / 2 - at * scale))
    setView({ scale, x: within(focus.x, width, seen.width), y: within(focus.y, height, seen.height) })
  }, [fit, focus, height, width, sizeOf])

  useEffect(begin, [width, height, focus?.x, focus?.y])

  const zoom = useCallback(
    (factor: number, at?: { x: number; y: number }) => {
      const seen = sizeOf()
      const { x, y } = at ?? { x: seen.width / 2, y: seen.height / 2 }
      setView((old) => {
        const scale = clamp(old.scale * factor)
        const by = scale / old.scale
        return { scale, x: x - (x - old.x) * by, y: y - (y - old.y) * by }
      })
    },
    [sizeOf],
  )
  const pan = useCallback((dx: number, dy: number) => setView((old) => ({ ...old, x: old.x + dx, y: old.y + dy })), [])

  useEffect(() => {
    const element = frame.current
    if (!element) return
    // A plain wheel scrolls the page; with Ctrl, or as a pinch of a touch pad, it zooms.
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      const { left, top } = element.getBoundingClientRect()
      zoom(Math.exp(-event.deltaY / 240), { x: event.clientX - left, y: event.clientY - top })
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [frame, zoom])

  const onPointerDown = (event: PointerEvent) => {
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
    moved.current = false
  }
  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId)
    if (!before) return
    const after = { x: event.clientX, y: event.clientY }
    if (!moved.current && Math.hypot(after.x - before.x, after.y - before.y) < 4) return
    if (!moved.current) frame.current?.setPointerCapture(event.pointerId)
    moved.current = true
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
    if (other) {
      const { left, top } = frame.current!.getBoundingClientRect()
      const factor = Math.hypot(after.x - other.x, after.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y))
      // The middle between the fingers goes along.
      pan((after.x - before.x) / 2, (after.y - before.y) / 2)
      zoom(factor, { x: (after.x + other.x) / 2 - left, y: (after.y + other.y) / 2 - top })
    } else pan(after.x - before.x, after.y - before.y)
    pointers.current.set(event.pointerId, after)
  }
  const onPointerUp = (event: PointerEvent) => pointers.current.delete(event.pointerId)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act: Record<string, () => void> = {
      ArrowLeft: () => pan(PAN, 0),
      ArrowRight: () => pan(-PAN, 0),
      ArrowUp: () => pan(0, PAN),
      ArrowDown: () => pan(0, -PAN),
      '+': () => zoom(STEP),
      '=': () => zoom(STEP),
      '-': () => zoom(1 / STEP),
      '0': fit,
    }
    const run = act[event.key]
    if (!run) return
    event.preventDefault()
    run()
  }
  return {
    view,
    fit,
    begin,
    zoomIn: () => zoom(STEP),
    zoomOut: () => zoom(1 / STEP),
    /** Whether the pointer that went up had moved the drawing: then it chose nothing. */
    wasDragged: () => moved.current,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp, onPointerLeave: onPointerUp, onKeyDown },
  }
}
