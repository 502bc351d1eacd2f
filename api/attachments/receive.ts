/** Takes one file of a multipart request, streaming: it is never in memory as a whole. */
import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'
import type { Request } from 'express'
import { faultTitles } from '../../domain/order/refusal.ts'
import { Problem, wrongField } from '../problem.ts'
import { TextProbe, typeOf } from './types.ts'

export const FILE_LIMIT = 20 * 1024 * 1024
/** A client that sends more than it may is listened to up to here, so that it reads the answer instead of a broken connection. */
const PATIENCE = 4 * FILE_LIMIT

export interface Received {
  name: string
  mime: string
  size: number
  sha256: string
  /** Below the folder of attachments. */
  path: string
  fields: Readonly<Record<string, string>>
}

interface Incoming {
  name: string
  size: number
  sha256: string
  readable: boolean
  tooLarge: boolean
}

/**
 * Reads the request's file into `dir`, under its SHA-256.
 * @throws Problem UNSUPPORTED_MEDIA_TYPE, FILE_REQUIRED, FILE_TOO_LARGE, FILE_EMPTY, FILE_TYPE_NOT_ALLOWED, FILE_NAME_MISMATCH, MALFORMED_REQUEST
 */
export async function receiveFile(req: Request, dir: string): Promise<Received> {
  if (!req.is('multipart/form-data'))
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', {
      says: { zh: '请以 multipart/form-data 发送，文件在 file 字段', en: 'send multipart/form-data with one field "file"' },
    })
  if (Number(req.headers['content-length'] ?? 0) > PATIENCE) throw new Problem('FILE_TOO_LARGE')
  const inbox = join(dir, 'incoming')
  await mkdir(inbox, { recursive: true })
  const temporary = join(inbox, randomUUID())
  try {
    const { file, fields } = await parse(req, temporary)
    if (!file) throw new Problem('FILE_REQUIRED', { field: 'file' })
    if (file.tooLarge) throw new Problem('FILE_TOO_LARGE', { field: 'file' })
    if (file.size === 0) throw new Problem('FILE_EMPTY', { field: 'file' })
    const mime = await typeOf(temporary, file.name, file.readable)
    const path = join(file.sha256.slice(0, 2), file.sha256)
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await rename(temporary, join(dir, path))
    return { name: file.name, mime, size: file.size, sha256: file.sha256, path, fields }
  } finally {
    await rm(temporary, { force: true })
  }
}

function parse(req: Request, target: string): Promise<{ file: Incoming | undefined; fields: Record<string, string> }> {
  return new Promise((resolve, reject) => {
    const limits = { files: 1, fields: 4, fieldSize: 400, parts: 6, fileSize: FILE_LIMIT + 1, headerPairs: 50 }
    let parser: busboy.Busboy
    try {
      parser = busboy({ headers: req.headers, limits, defParamCharset: 'utf8' })
    } catch (error) {
      reject(malformed(error))
      return
    }
    const fields: Record<string, string> = {}
    let incoming: Promise<Incoming> | undefined
    let wrong: Problem | undefined
    let seen = 0
    let failed = false
    // Nobody hears of a refusal before the file is closed: a file that is still being opened would outlive its removal.
    const refuse = (error: unknown) => {
      const tell = () => reject(error)
      Promise.resolve(incoming).then(tell, tell)
    }
    const fail = (error: unknown) => {
      if (failed) return
      failed = true
      req.unpipe(parser)
      req.resume()
      // Ends the file's stream as well, which would else wait for the rest for ever.
      parser.destroy(error as Error)
      refuse(error instanceof Problem || isSystem(error) ? error : malformed(error))
    }
    parser.on('file', (field, stream, info) => {
      if (field !== 'file') {
        wrong ??= wrongField(field, 'UNKNOWN_FIELD', { zh: '文件须放在 file 字段', en: 'the file goes in "file"' })
        stream.resume()
        return
      }
      incoming = write(stream, target, info.filename)
      incoming.catch(fail)
    })
    parser.on('field', (field, value, info) => {
      if (info.valueTruncated) wrong ??= wrongField(field, 'TOO_LONG', faultTitles.TOO_LONG)
      else if (Object.hasOwn(fields, field)) wrong ??= wrongField(field, 'INVALID', { zh: '重复填写', en: 'given twice' })
      else fields[field] = value
    })
    const tooMany = () => {
      wrong ??= wrongField('file', 'INVALID', { zh: '只能有一个文件和少数字段', en: 'one file and few fields, no more' })
    }
    parser.on('filesLimit', tooMany)
    parser.on('fieldsLimit', tooMany)
    parser.on('partsLimit', tooMany)
    parser.on('error', fail)
    parser.on('close', () => {
      if (failed) return
      if (wrong) refuse(wrong)
      else Promise.resolve(incoming).then((file) => resolve({ file, fields }), fail)
    })
    req.on('data', (chunk: Buffer) => {
      seen += chunk.length
      if (seen > PATIENCE) fail(new Problem('FILE_TOO_LARGE'))
    })
    req.on('aborted', () => fail(new Problem('MALFORMED_REQUEST', { says: { zh: '上传中断', en: 'the upload was broken off' } })))
    req.pipe(parser)
  })
}

const malformed = (error: unknown): Problem =>
  new Problem('MALFORMED_REQUEST', {
    says: { zh: '不是合法的 multipart/form-data', en: error instanceof Error ? error.message : 'not multipart/form-data' },
    cause: error,
  })

/** The disk's fault, not the sender's. */
const isSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error

/** Writes the file; settles once it is closed, whether all of it came or not. */
async function write(stream: Readable, target: string, filename: string | undefined): Promise<Incoming> {
  const hash = createHash('sha256')
  const probe = new TextProbe()
  let size = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      hash.update(chunk)
      probe.push(chunk)
      done(null, chunk)
    },
  })
  const out = createWriteStream(target, { flush: true })
  const closed = new Promise<void>((done) => out.once('close', done))
  try {
    await pipeline(stream, meter, out)
  } finally {
    await closed
  }
  return { name: cleanName(filename), size, sha256: hash.digest('hex'), readable: probe.end(), tooLarge: size > FILE_LIMIT }
}

/** The last part of the path, without control characters; never empty. */
function cleanName(filename: string | undefined): string {
  const last = (filename ?? '').split(/[\\/]/).at(-1) ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
  const name = last
    .normalize('NFC')
    .replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
  return name === '' || /^\.+$/.test(name) ? 'file' : name.slice(-200)
}
