/** Punctuation of Chinese texts: full-width beside Chinese characters, as a Chinese reader writes it. */
import ts from 'typescript'

/** Stands for what is filled in: a blank of a text, a value, a piece of code. */
const BLANK = '\uFFFC'
const HAN = /\p{Script=Han}/u
const WIDE = new Set('，。；：？！、（）“”《》「」『』…—')

const chinese = (c: string | undefined): boolean => c !== undefined && (c === BLANK || WIDE.has(c) || HAN.test(c))
const digit = (c: string | undefined): boolean => c !== undefined && /\d/.test(c)

/** What stands half-width in a Chinese text, each with a little of what is around it. */
export function halfWidth(text: string): string[] {
  const chars = [...text]
  const around = (i: number): string => chars.slice(Math.max(0, i - 6), i + 7).join('')
  const found = chars.flatMap((c, i) => {
    if (!',;:?!'.includes(c) || (digit(chars[i - 1]) && digit(chars[i + 1]))) return []
    return chinese(chars[i - 1]) || chinese(chars[i + 1]) ? [around(i)] : []
  })
  const open: number[] = []
  for (const [i, c] of chars.entries()) {
    if (c === '(') open.push(i)
    const from = c === ')' ? open.pop() : undefined
    if (from === undefined) continue
    const before = chars[from - 1] === ' ' ? chars[from - 2] : chars[from - 1]
    if (chinese(before) || chars.slice(from, i).some((one) => HAN.test(one))) found.push(around(from))
  }
  return found
}

export const filled = (text: string): string => text.replace(/\{\{\w+\}\}/g, BLANK)

/** A line of a document in Chinese, without its code and the addresses of its links. */
export const proseOf = (line: string): string => line.replace(/`[^`]*`|\]\([^)]*\)/g, BLANK)

/** Texts with Chinese characters in a source: not its comments, not what a document is quoted with, not SQL. */
export function chineseTexts(path: string, source: string): string[] {
  const texts: string[] = []
  const quoted = path.startsWith('domain/processes/')
  const add = (text: string) => {
    if (HAN.test(text) && !/\b(INSERT INTO|SELECT)\b/.test(text)) texts.push(filled(text.replaceAll('Paidan 派单', 'Paidan')))
  }
  const visit = (node: ts.Node): void => {
    // A limit keeps the words of the document that gives it, character by character.
    if (quoted && ts.isPropertyAssignment(node) && node.name.getText() === 'text') return
    if (quoted && ts.isCallExpression(node) && /\bwritten$/.test(node.expression.getText())) return
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) add(node.text)
    if (ts.isTemplateExpression(node)) add([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(BLANK))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true))
  return texts
}
