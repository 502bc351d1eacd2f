/** The first sheet of a workbook (.xlsx) as lines of text, so that it goes the way of any other list. */
import ExcelJS from 'exceljs'
import { InputError } from './csv.ts'

/** @throws InputError when it is no workbook after all, or has no sheet */
export async function sheetText(bytes: Uint8Array, file: string): Promise<string> {
  const book = new ExcelJS.Workbook()
  try {
    await book.xlsx.load(bytes as never)
  } catch {
    throw new InputError(`${file} looks like a workbook but can't be read as one: save it again as .xlsx, or as CSV.`)
  }
  const sheet = book.worksheets[0]
  if (!sheet) throw new InputError(`${file} has no sheet.`)
  const lines: string[] = []
  // Empty rows stay empty lines: a line's number is its row's.
  sheet.eachRow({ includeEmpty: true }, (row) => {
    const cells = Array.from({ length: row.cellCount }, (_, i) => row.getCell(i + 1).text.replaceAll(/[\r\n]+/g, ' '))
    lines.push(cells.every((cell) => cell === '') ? '' : cells.join(','))
  })
  return lines.join('\n')
}
