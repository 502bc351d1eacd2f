/** Lines of a title in a box of the map. SVG wraps nothing by itself; Chinese breaks between any two characters, English between words. */

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uffef]/u
/** What must not begin a line, and what must not end one. */
const closing = new Set([...'\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u300d\u300f\u3011%,.;:?!)/'])
const opening = new Set([...'\uff08\u300a\u300c\u300e\u3010('])

/** Width of a text, in units of its font size. */
export const measure = (text: string): number => {
  let width = 0
  for (const char of text) width += WIDE.test(char) ? 1 : /[A-Z0-9mwMW]/.test(char) ? 0.64 : /[ilj.,:;'|()! ]/.test(char) ? 0.31 : 0.53
  return width
}

/** Pieces that stay together. */
function pieces(text: string): string[] {
  const found: string[] = []
  for (const char of text) {
    const last = found.at(-1)
    const glue =
      last !== undefined &&
      (closing.has(char) ||
        opening.has(last.at(-1)!) ||
        (!WIDE.test(char) && char !== ' ' && !WIDE.test(last.at(-1)!) && last.at(-1) !== ' '))
    if (glue) found[found.length - 1] = last + char
    else if (char === ' ' && last !== undefined) found[found.length - 1] = `${last} `
    else found.push(char)
  }
  return found
}

/** At most `most` lines, each at most `width` font sizes wide; what does not fit ends in an ellipsis. Lines are of about the same length. */
export function wrap(text: string, width: number, most = 4): string[] {
  const parts = pieces(text.trim())
  const fill = (limit: number): string[] => {
    const lines: string[] = []
    let line = ''
    for (const part of parts) {
      if (line !== '' && measure(line + part.trimEnd()) > limit) {
        lines.push(line.trimEnd())
        line = ''
      }
      line += part
    }
    return line.trim() === '' ? lines : [...lines, line.trimEnd()]
  }
  const first = fill(width)
  if (first.length > most) {
    const kept = first.slice(0, most)
    return [...kept.slice(0, -1), `${kept.at(-1)!.slice(0, -1)}…`]
  }
  // A last line of one character reads badly: the narrowest width with as many lines is the best.
  let best = first
  for (let limit = width - 0.5; limit > 3; limit -= 0.5) {
    const lines = fill(limit)
    if (lines.length > first.length || lines.some((line) => measure(line) > width)) break
    best = lines
  }
  return best
}
