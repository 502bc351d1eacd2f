/** Passwords, as argon2id in the PHC string format. */
import { hash, verify } from '@node-rs/argon2'

/** OWASP's first choice: 19 MiB, two passes, one lane; about 25 ms. */
// 2 is Argon2id; the package's const enum can't be read file by file.
const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hash to store. */
export const hashPassword = (password: string): Promise<string> => hash(password, options)

let decoy: Promise<string> | undefined

/**
 * True when the password fits. Without a stored hash (no such login) it takes as long and is false, so that the time tells nobody
 * which logins exist.
 */
export async function checkPassword(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  try {
    const fits = await verify(stored ?? (await decoy), password)
    return stored !== undefined && fits
  } catch {
    // A stored text that is no PHC string: an account that can't log in.
    return false
  }
}
