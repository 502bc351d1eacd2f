/** A person who has nothing but a keyboard. */
import type { Page } from 'playwright-core'

/** What has the keyboard, and whether it can be seen. */
interface Focus {
  /** Its name as it is read out, or what stands in it. */
  name: string
  /** `nowhere`, `hidden` where nothing shows it, else `shown`. */
  seen: 'nowhere' | 'hidden' | 'shown'
}

// A ring of its own, or that of the label beside an input that is drawn by it; a text field shows its caret.
const FOCUS = `(() => {
  const one = document.activeElement
  if (!one || one === document.body) return { name: '', seen: 'nowhere' }
  const labelled = (one.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent).filter(Boolean).join(' ')
  const name = one.getAttribute('aria-label') ?? (labelled || one.labels?.[0]?.textContent || one.textContent || one.id || one.tagName)
  const ring = (x) => x && getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) > 0
  const typed = one.matches('textarea, input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=file])')
  const beside = one.matches('input') ? [one.nextElementSibling, ...(one.labels ?? [])] : []
  const box = one.getBoundingClientRect()
  const onScreen = box.bottom > 0 && box.top < innerHeight
  return { name: name.trim(), seen: onScreen && (typed || ring(one) || beside.some(ring)) ? 'shown' : 'hidden' }
})()`

export const focusOf = (page: Page): Promise<Focus> => page.evaluate<Focus>(FOCUS)

/** Waits for what is just coming. @throws Error when the keyboard is nowhere, cannot be seen, or is not at what has this name */
export async function expectFocus(page: Page, when: string, at = /(?:)/): Promise<string> {
  const end = Date.now() + 10_000
  for (;;) {
    const { name, seen } = await focusOf(page)
    if (seen === 'shown' && at.test(name)) return name
    if (Date.now() > end) throw new Error(`${when}: the keyboard is ${seen}${name && `, at "${name.slice(0, 80)}"`}`)
    await page.waitForTimeout(50)
  }
}

/** Goes on with Tab until something of this name has the keyboard; every stop on the way can be seen. @throws Error after a whole round */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = []
  for (let i = 0; i < 120; i++) {
    const here = await expectFocus(page, `on the way to ${name}`)
    if (typeof name === 'string' ? here.startsWith(name) : name.test(here)) return
    passed.push(here.slice(0, 40))
    await page.keyboard.press('Tab')
  }
  throw new Error(`no ${name} among ${passed.join(' | ')}`)
}
