import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { texts as en } from '../../web/texts/en/index.ts'
import { rooms as enRooms } from '../../web/texts/en/rooms.ts'
import { texts as zh } from '../../web/texts/zh/index.ts'
import { rooms as zhRooms } from '../../web/texts/zh/rooms.ts'
import { chineseTexts, filled, halfWidth, proseOf } from './punctuation.ts'

type Texts = { [key: string]: string | Texts }

const flat = (texts: Texts, path = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : flat(value, `${path}${key}.`),
  )

const blanks = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && ['generated', 'node_modules'].includes(entry.name)) return []
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

describe('punctuation of Chinese texts', () => {
  const rooms = ['web', 'domain', 'api', 'activities', 'workflows', 'cli', 'prisma', 'worker']

  it('is full-width in the console', () => {
    const wrong = flat({ ...zh, ...zhRooms }).flatMap(([key, text]) => halfWidth(filled(text)).map((around) => `${key}: ${around}`))
    expect(wrong).toEqual([])
  })

  it('is full-width in titles, messages and whatever else the product says', () => {
    const texts = rooms.flatMap(sources).flatMap((path) => {
      const source = readFileSync(path, 'utf8')
      return /\p{Script=Han}/u.test(source) ? chineseTexts(path, source).map((text) => ({ path, text })) : []
    })
    expect(texts.length).toBeGreaterThan(2_000)
    expect(texts.flatMap(({ path, text }) => halfWidth(text).map((around) => `${path}: ${around}`))).toEqual([])
  })

  it('is full-width in what is written in Chinese for users', () => {
    const lines = readFileSync('README.zh-CN.md', 'utf8')
      .replace(/```[^]*?```/g, '')
      .split('\n')
    expect(lines.flatMap((line) => halfWidth(proseOf(line)))).toEqual([])
  })

  it.each([
    ['请重新提交,只会生效一次。', 1],
    ['满意?', 1],
    ['合同期限(月)', 1],
    ['善后: 回访', 1],
    [`${filled('{{step}}:{{outcome}}')}`, 1],
    ['3 天 (72 小时)', 1],
    ['满意？（09:30 起，1,000 元）', 0],
    ['随时按 ? 查看', 0],
    ['npm run bench (seed: 1), please', 0],
  ])('%s: %i', (text, wrong) => {
    expect(halfWidth(text)).toHaveLength(wrong)
  })

  it('finds texts in sources, but no comment and no words of a document', () => {
    const source = [
      '// 注释,',
      'const a = { zh: `共 $' + "{n} 次,完`, text: '原文,照录' }",
      "field('text', '标题(一)')",
      "sql`SELECT '甲,乙'`",
    ].join('\n')
    expect(chineseTexts('domain/processes/x.ts', source)).toEqual(['共 \uFFFC 次,完', '标题(一)'])
    expect(chineseTexts('domain/x.ts', source)).toContain('原文,照录')
  })
})
