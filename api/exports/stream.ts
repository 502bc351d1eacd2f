/** Long answers, written piece by piece. */
import { once } from 'node:events'
import type { Response } from 'express'

/** Pieces are gathered to so many characters before they are written. */
const ENOUGH = 1 << 16

/**
 * Answers with a file as its pieces come. A reader that goes away ends the work; a fault after the first piece breaks the answer off, so
 * that nobody takes half a file for a whole one.
 */
export async function sendPieces(
  res: Response,
  { name, type }: { name: string; type: string },
  pieces: AsyncIterable<string>,
): Promise<void> {
  res.attachment(name).type(type)
  try {
    let text = ''
    for await (const piece of pieces) {
      if (res.destroyed) return
      text += piece
      if (text.length < ENOUGH) continue
      if (!res.write(text)) await Promise.race([once(res, 'drain'), once(res, 'close')])
      text = ''
    }
    res.end(text)
  } catch (error) {
    if (!res.headersSent) throw error
    res.destroy(error as Error)
  }
}
