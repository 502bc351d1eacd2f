/** One list of shortcuts feeds the keyboard, the palette and the `?` sheet, so that they never tell different things. */
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { tinykeys } from 'tinykeys'

export interface Shortcut {
  id: string
  /** As tinykeys writes it: `j`, `g w`, `$mod+k`, `Shift+?`. Without: only in the palette. */
  keys?: string
  label: string
  group: string
  run: () => void
  /** Also while somebody types into a field. */
  whileTyping?: boolean
}

let active: readonly Shortcut[] = []
const listeners = new Set<() => void>()

function change(next: readonly Shortcut[]): void {
  active = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** All that work on the page as it is. */
export const useActiveShortcuts = (): readonly Shortcut[] => useSyncExternalStore(subscribe, () => active)

/** Inputs that take no text leave single keys to the page. */
const noText = new Set(['checkbox', 'radio', 'button', 'submit', 'file', 'range', 'color'])

function typing(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !noText.has(target.type)
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Also before it has the focus: what is typed into it must not be taken for a command to the page behind. */
const inDialog = (): boolean => document.querySelector('[role=dialog][aria-modal=true]') !== null

/** Shortcuts that work as long as the component is there. Labels may change; the newest `run` is called. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const newest = useRef(shortcuts)
  newest.current = shortcuts
  const shape = shortcuts.map(({ id, keys, label }) => `${id} ${keys} ${label}`).join('\n')
  useEffect(() => {
    const mine = newest.current
    change([...active, ...mine])
    const run = (id: string, event?: KeyboardEvent) => {
      const shortcut = newest.current.find((one) => one.id === id)
      if (!shortcut) return
      if (event && !shortcut.whileTyping && (typing(event.target) || inDialog())) return
      event?.preventDefault()
      shortcut.run()
    }
    const stop = tinykeys(
      window,
      Object.fromEntries(mine.flatMap(({ id, keys }) => (keys ? [[keys, (event: KeyboardEvent) => run(id, event)]] : []))),
    )
    return () => {
      stop()
      change(active.filter((one) => !mine.includes(one)))
    }
  }, [shape])
}

/** `$mod+k` → `Ctrl K`, `g w` → `G W`. */
export const shown = (keys: string): string[] =>
  keys
    .replace('$mod', /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl')
    .replace('Shift+?', '?')
    .split(/[ +]/)
    .map((key) => (key.length === 1 ? key.toUpperCase() : key))
