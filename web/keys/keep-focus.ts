/**
 * The keyboard never loses its place: what had the focus and went away, or could not be used for a moment, hands it to what is nearest
 * to where it was. Dialogs that close, rows that leave a list and buttons that wait for an answer all come to this.
 */

/** What had the focus, with all that it lay in, the nearest first. */
interface Place {
  element: HTMLElement
  around: readonly Element[]
}

/** So many places back one looks: a form in a dialog has a dozen fields. */
const TRAIL = 40
const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]'

const usable = (element: HTMLElement): boolean =>
  element.isConnected && !element.matches(':disabled, [data-disabled]') && element.checkVisibility({ visibilityProperty: true })

const around = (element: Element): Element[] => {
  const found: Element[] = []
  for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) found.push(one)
  return found
}

/** What takes the keyboard inside of this, if anything does. */
const firstIn = (box: Element): HTMLElement | undefined =>
  [...box.querySelectorAll<HTMLElement>(FOCUSABLE)].find((one) => one.tabIndex >= 0 && usable(one))

/** Where the focus belongs when it has been lost, the latest place first. `undefined`: it comes back by itself, or there is nothing. */
function next(trail: readonly Place[]): HTMLElement | undefined {
  // As long as a dialog is open the keyboard is in it.
  const dialog = [...document.querySelectorAll<HTMLElement>('[role="dialog"]')].filter(usable).at(-1)
  const home = dialog ?? document.getElementById('content')
  for (const { element, around: boxes } of trail) {
    if (usable(element) && (!dialog || dialog.contains(element))) return element
    // It only waits for an answer.
    if (element.isConnected && element.matches(':disabled, [data-disabled]')) return undefined
    const inside = boxes.indexOf(home!)
    // Something small that it lay in is still there; the whole page would be as good as nowhere.
    for (const box of inside < 0 ? [] : boxes.slice(0, inside)) {
      const found = box.isConnected ? firstIn(box) : undefined
      if (found) return found
    }
  }
  return (dialog && firstIn(dialog)) ?? home ?? undefined
}

/** Begins to keep the focus; the answer ends it. */
export function keepFocus(): () => void {
  let trail: Place[] = []
  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement) || target === document.body) return
    trail = [{ element: target, around: around(target) }, ...trail.filter(({ element }) => element !== target)].slice(0, TRAIL)
  }
  // Whoever leaves a thing that is still there wants to be nowhere: a click beside all.
  const leave = ({ target }: FocusEvent) =>
    setTimeout(() => {
      if (target instanceof HTMLElement && document.activeElement === document.body && document.hasFocus() && usable(target)) trail = []
    })
  const keep = () => {
    if (trail.length === 0 || document.activeElement !== document.body) return
    next(trail)?.focus({ preventScroll: true })
  }
  const watch = new MutationObserver(keep)
  watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled', 'data-disabled'] })
  document.addEventListener('focusin', remember)
  document.addEventListener('focusout', leave)
  return () => {
    watch.disconnect()
    document.removeEventListener('focusin', remember)
    document.removeEventListener('focusout', leave)
  }
}
