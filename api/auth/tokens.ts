/** Opaque secrets of 256 bits. The record keeps only their SHA-256, so that who reads it can't log in. */
import { createHash, randomBytes } from 'node:crypto'

/** A new secret, 43 characters of base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')
