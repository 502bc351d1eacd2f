import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { texts as en } from '../../web/texts/en/index.ts'
import { rooms as enRooms } from '../../web/texts/en/rooms.ts'
import { texts as zh } from '../../web/texts/zh/index.ts'
import { rooms as zhRooms } from '../../web/texts/zh/rooms.ts'

type Texts = { [key: string]: string | Texts }

const flat = (texts: Texts, path = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : flat(value, `${path}${key}.`),
  )

const blanks = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? sources(path) : /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

describe('texts of the console', () => {
  const english = new Map(flat({ ...en, ...enRooms }))
  const chinese = new Map(flat({ ...zh, ...zhRooms }))

  it('has every text in both languages, none of them empty', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
    for (const [key, text] of [...english, ...chinese]) expect([key, text.trim()]).not.toEqual([key, ''])
  })

  it('fills the same blanks in both', () => {
    for (const [key, text] of english) expect([key, blanks(chinese.get(key)!)]).toEqual([key, blanks(text)])
  })

  it('writes no Chinese outside of the texts', () => {
    const written = sources('web')
      .filter((path) => !path.startsWith(join('web', 'texts')))
      .flatMap((path) =>
        readFileSync(path, 'utf8')
          .split('\n')
          .map((line, i) => `${path}:${i + 1} ${line.trim()}`)
          // The two languages and the product are called by their own names in either.
          .filter((line) => /\p{Script=Han}/u.test(line) && !/简体中文|'中'|^\S+ \/?\*|\/\//.test(line)),
      )
    expect(written).toEqual([])
  })
})
