/** The log of a program: JSON lines without secrets and without telephone numbers, whoever wrote them. */
import { type DestinationStream, type Logger, pino } from 'pino'

/** Fields that hold secrets, at the top of a line and one step below. */
const secrets = ['password', 'token', 'secret', 'authorization', 'cookie', 'code_verifier', 'client_secret', 'access_token', 'id_token']

const paths = [
  ...secrets.flatMap((name) => [name, `*.${name}`]),
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'res.headers["set-cookie"]',
  'err.config',
  'err.parameters',
]

/**
 * Mobile and landline numbers of China and numbers in international form, as they stand alone; a bearer token; the password of a URL;
 * the token in the address of a customer's page, which is what opens it.
 */
const said: readonly [RegExp, string][] = [
  [/(?<![\w.-])(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\w-])/g, '[phone]'],
  [/(?<![\w.-])0\d{2,3}[- ]?\d{7,8}(?![\w-])/g, '[phone]'],
  [/(?<![\w.-])\+[1-9]\d{1,2}[- ]?\d{2,4}(?:[- ]?\d{2,4}){2,4}(?![\w-])/g, '[phone]'],
  [/\b(Bearer|Basic) +[\w.~+/-]+=*/gi, '$1 [secret]'],
  [/:\/\/([^\s/?#:@"]*):[^\s/"]*@/g, '://$1:[secret]@'],
  [/(\/track\/)[^/?"\s\\]+/g, '$1…'],
]

/** The text without what must not be in a log. */
export const scrub = (text: string): string => said.reduce((left, [found, instead]) => left.replace(found, instead), text)

/** @param destination where lines go; standard output unless a test reads them */
export function createLogger(level: string, name: string, destination?: DestinationStream): Logger {
  const options = { level, name, redact: { paths, censor: '[secret]' }, hooks: { streamWrite: scrub } }
  return destination ? pino(options, destination) : pino(options)
}
