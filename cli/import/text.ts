/** The bytes of a list as text: UTF-8 or GB18030, with or without a mark at the beginning, or a workbook; told apart by looking. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { InputError } from './csv.ts'
import { sheetText } from './workbook.ts'

export type Encoding = 'utf-8' | 'gb18030'

const begins = (bytes: Uint8Array, ...mark: number[]) => mark.every((byte, i) => bytes[i] === byte)

/**
 * @throws InputError when it can't be read, is a workbook of the old kind, or is text of neither encoding
 */
export async function readText(path: string): Promise<{ text: string; encoding: Encoding }> {
  const file = basename(path)
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${path} can't be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`)
  })
  if (begins(bytes, 0x50, 0x4b, 0x03, 0x04)) return { text: await sheetText(bytes, file), encoding: 'utf-8' }
  if (begins(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    throw new InputError(`${file} is a workbook of the old kind (.xls): save it as .xlsx or as CSV (UTF-8 or GB18030) and import that.`)
  return decode(bytes, file)
}

/** GB18030 is asked second: hardly any text in it is also valid UTF-8, while it takes nearly every text in UTF-8 for its own. */
export function decode(bytes: Uint8Array, file: string): { text: string; encoding: Encoding } {
  // The decoder knows no mark of GB18030; in that encoding it is these four bytes.
  const marked = begins(bytes, 0x84, 0x31, 0x95, 0x33)
  for (const encoding of marked ? (['gb18030'] as const) : (['utf-8', 'gb18030'] as const))
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(marked ? bytes.subarray(4) : bytes), encoding }
    } catch {
      // Not this one.
    }
  throw new InputError(`${file} is neither UTF-8 nor GB18030 (GBK, GB 2312): save it in one of them.`)
}
