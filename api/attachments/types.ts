/** Files that are taken, told by their content; the name must not say otherwise. */
import { fileTypeFromFile } from 'file-type'
import { Problem } from '../problem.ts'

/** Detected type → extensions that may stand for it, and the type that each is kept under. */
const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'application/pdf': { pdf: 'application/pdf' },
  'image/png': { png: 'image/png' },
  'image/jpeg': { jpg: 'image/jpeg', jpeg: 'image/jpeg' },
  'image/webp': { webp: 'image/webp' },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': {
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': {
    pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  },
  // Word, Excel and PowerPoint before 2007 share one container; the name tells them apart.
  'application/x-cfb': { doc: 'application/msword', xls: 'application/vnd.ms-excel', ppt: 'application/vnd.ms-powerpoint' },
  text: { txt: 'text/plain', log: 'text/plain', csv: 'text/csv' },
}

/**
 * The type of a file that has been received.
 * @param readable the content is text without control characters
 * @throws Problem FILE_TYPE_NOT_ALLOWED, FILE_NAME_MISMATCH
 */
export async function typeOf(path: string, name: string, readable: boolean): Promise<string> {
  const detected = (await fileTypeFromFile(path))?.mime ?? (readable ? 'text' : undefined)
  const kinds = detected === undefined ? undefined : allowed[detected]
  if (!kinds)
    throw new Problem('FILE_TYPE_NOT_ALLOWED', {
      field: 'file',
      says: detected
        ? { zh: `不支持该类型的文件：${detected}`, en: `it is ${detected}` }
        : { zh: '无法识别文件内容的类型', en: 'its content is of no known type' },
    })
  const extension = /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase()
  const kept = extension === undefined ? Object.values(kinds)[0] : kinds[extension]
  if (kept === undefined)
    throw new Problem('FILE_NAME_MISMATCH', {
      field: 'file',
      says: {
        zh: `文件内容属于 .${Object.keys(kinds).join('、.')}`,
        en: `the content is that of .${Object.keys(kinds).join(', .')}`,
      },
    })
  return kept
}

/** Follows a file's bytes and tells whether they are a text: UTF-8 or GB 18030, without control characters. */
export class TextProbe {
  private control = false
  private readonly decoders = new Map(['utf-8', 'gb18030'].map((charset) => [charset, new TextDecoder(charset, { fatal: true })]))

  push(chunk: Uint8Array): void {
    this.control ||= chunk.some(
      (byte) => byte === 0x7f || (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d),
    )
    this.decode(chunk, true)
  }

  end(): boolean {
    this.decode(new Uint8Array(), false)
    return !this.control && this.decoders.size > 0
  }

  private decode(chunk: Uint8Array, stream: boolean): void {
    for (const [charset, decoder] of this.decoders) {
      try {
        decoder.decode(chunk, { stream })
      } catch {
        this.decoders.delete(charset)
      }
    }
  }
}
