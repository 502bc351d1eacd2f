/** Reads JSON bodies. What the record could not keep is refused here, before anything has happened. */
import express from 'express'

/** Largest JSON body: five long texts with room to spare. */
export const BODY_LIMIT = 256 * 1024

/** NUL and halves of surrogate pairs: JSON may hold them, Postgres does not. */
const unstorable = /[\0\p{Surrogate}]/u

function storable(key: string, value: unknown): unknown {
  if (unstorable.test(key) || (typeof value === 'string' && unstorable.test(value)))
    throw new SyntaxError('texts may hold neither U+0000 nor half a surrogate pair')
  return value
}

export const json = express.json({ limit: BODY_LIMIT, strict: true, type: 'application/json', reviver: storable })
