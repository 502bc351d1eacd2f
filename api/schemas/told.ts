/** What a rule of a schema says where it does not hold, in both languages. A schema keeps one text; the other is found by it. */
import type { Title } from '../../domain/title.ts'

const texts = new Map<string, Title>()

/**
 * Second argument of `regex` and `refine`.
 * @param path the field that is wrong, where the rule looks at several
 * @throws Error where the same English text says something else elsewhere
 */
export function told(zh: string, en: string, path?: [string]): { error: string; path?: [string] } {
  const known = texts.get(en)
  if (known && known.zh !== zh) throw new Error(`"${en}" is told as "${known.zh}" and as "${zh}"`)
  texts.set(en, { zh, en })
  return { error: en, ...(path && { path }) }
}

/** Both languages of what a schema has said, where it was told so. */
export const toldBy = (en: string): Title | undefined => texts.get(en)
