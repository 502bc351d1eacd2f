import { isIP } from 'node:net'
import { z } from 'zod'

/** One environment variable: how it is checked, and what a person is told about it. */
interface Variable<T extends z.ZodType> {
  schema: T
  /** One line for `.env.example`. */
  about: string
  /** What is allowed, in words; shown when a value is refused. */
  allowed: string
  /** Value shown in `.env.example` when there is no default. */
  example?: string
  /** Default in words, where it is computed rather than fixed. */
  computed?: string
  /** `url`: hide the password in it. `all`: hide everything. */
  secret?: 'url' | 'all'
}

const variable = <T extends z.ZodType>(schema: T, rest: Omit<Variable<T>, 'schema'>): Variable<T> => ({ schema, ...rest })

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max)
const port = integer(1, 65_535)
const boolean = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] })
const YES_NO = 'true or false'
const PORT = 'a port from 1 to 65535'
const FILE = 'the path of a file'
const FOLDER = 'the path of a folder'
const text = z.string().min(1)
const networks = new Set(['loopback', 'linklocal', 'uniquelocal'])

/** True for what says which proxies are believed. */
function trustable(value: string): boolean {
  if (value === 'none' || /^[1-9]\d?$/.test(value)) return true
  return value.split(',').every((part) => {
    const [address = '', bits, ...rest] = part.trim().split('/')
    if (rest.length > 0) return false
    if (networks.has(address)) return bits === undefined
    const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1
    return most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  })
}

/** Log levels, the most silent first. */
export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

/** Every variable that Paidan reads; nothing else in the code reads the environment. The order is that of `.env.example`. */
export const variables = {
  DATABASE_URL: variable(
    z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/)
      .optional(),
    {
      about: 'PostgreSQL >= 15. Unset: `npm start` runs its own server.',
      allowed: 'postgresql://user:password@host:port/database',
      example: 'postgresql://paidan:secret@db.example:5432/paidan',
      secret: 'url',
    },
  ),
  DB_POOL_MAX: variable(integer(1, 1_000).default(20), {
    about: 'Most database connections of one process.',
    allowed: 'a whole number from 1 to 1000',
  }),
  TEMPORAL_ADDRESS: variable(
    z
      .string()
      .regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):\d{1,5}$/)
      .optional(),
    {
      about: 'Temporal frontend. Unset: `npm start` runs its own server.',
      allowed: 'host:port, without a scheme',
      example: 'temporal.example:7233',
    },
  ),
  TEMPORAL_NAMESPACE: variable(text.default('default'), { about: 'Temporal namespace.', allowed: 'the name of a namespace' }),
  TEMPORAL_TLS: variable(boolean.optional(), {
    about: 'Encrypt the connection to Temporal.',
    allowed: YES_NO,
    computed: 'true when a certificate or an API key is given',
  }),
  TEMPORAL_TLS_CERT: variable(text.optional(), { about: 'Client certificate for Temporal (PEM).', allowed: FILE }),
  TEMPORAL_TLS_KEY: variable(text.optional(), { about: 'Key of that certificate (PEM).', allowed: FILE }),
  TEMPORAL_TLS_CA: variable(text.optional(), { about: 'Certificate authority of the Temporal server (PEM).', allowed: FILE }),
  TEMPORAL_API_KEY: variable(text.optional(), { about: 'API key for Temporal.', allowed: 'the key as text', secret: 'all' }),
  TASK_QUEUE: variable(text.default('paidan'), { about: 'Task queue of the workers.', allowed: 'a name' }),
  MAX_CACHED_WORKFLOWS: variable(integer(1, 100_000).default(4_000), {
    about: 'Orders that one worker keeps in memory.',
    allowed: 'a whole number from 1 to 100000',
  }),
  WORKFLOW_BUNDLE: variable(text.optional(), {
    about: 'Prebuilt workflow bundle.',
    allowed: FILE,
    computed: 'the bundle of `npm run build`; in development it is made at start',
  }),
  HOST: variable(text.default('127.0.0.1'), { about: 'Address that the API listens on.', allowed: 'an IP address or a host name' }),
  PORT: variable(port.default(3_000), {
    about: 'Port of the API. `npm start` takes another free one when this is taken and was not asked for.',
    allowed: PORT,
  }),
  MAX_REQUESTS: variable(integer(1, 100_000).default(256), {
    about: 'Requests under way in one API process; above them newcomers are answered 503 with Retry-After.',
    allowed: 'a whole number from 1 to 100000',
  }),
  DRAIN_NOTICE_MS: variable(integer(0, 600_000).default(1_000), {
    about: 'Ms between a signal to stop and the closing of the port: as long as the balancer takes to see /readyz say no.',
    allowed: 'a whole number from 0 to 600000',
  }),
  DRAIN_LIMIT_MS: variable(integer(0, 600_000).default(10_000), {
    about: 'Ms after the closing of the port until requests that are not answered are cut off. A call to the engine ends within 5000.',
    allowed: 'a whole number from 0 to 600000',
  }),
  PUBLIC_URL: variable(z.url({ protocol: /^https?$/ }).optional(), {
    about: 'Address under which people reach the API, for links in e-mails.',
    allowed: 'a URL that begins with http:// or https://',
    example: 'https://paidan.example',
  }),
  COOKIE_SECURE: variable(boolean.optional(), {
    about: 'Send the session cookie over HTTPS only.',
    allowed: YES_NO,
    computed: 'true when PUBLIC_URL begins with https://',
  }),
  SESSION_HOURS: variable(z.coerce.number().positive().max(8_760).default(12), {
    about: 'Hours after which a session ends.',
    allowed: 'a number above 0, at most 8760',
  }),
  SESSION_IDLE_HOURS: variable(z.coerce.number().positive().max(8_760).default(4), {
    about: 'Hours without a request after which a session ends.',
    allowed: 'a number above 0, at most 8760',
  }),
  TRUST_PROXY: variable(z.string().refine(trustable).default('loopback'), {
    about: "Proxies that are believed about the client's address (X-Forwarded-For).",
    allowed: 'none, a number of hops, or addresses and networks separated by commas (loopback, linklocal, uniquelocal, 10.0.0.0/8 …)',
  }),
  OIDC_ISSUER: variable(z.url({ protocol: /^https?$/ }).optional(), {
    about: 'Identity provider (OpenID Connect). Unset: people log in with a password.',
    allowed: 'the URL of an issuer',
    example: 'https://id.example/realms/company',
  }),
  OIDC_CLIENT_ID: variable(text.default('paidan'), { about: 'Name of this application at the identity provider.', allowed: 'a client id' }),
  OIDC_CLIENT_SECRET: variable(text.optional(), { about: 'Its secret there.', allowed: 'the secret as text', secret: 'all' }),
  OIDC_LOGIN_CLAIM: variable(text.default('preferred_username'), {
    about: 'Claim that holds the login of a person.',
    allowed: 'the name of a claim',
  }),
  OIDC_GROUPS_CLAIM: variable(text.default('groups'), {
    about: 'Claim that holds the groups of a person; the table sso_role says which roles they mean.',
    allowed: 'the name of a claim',
  }),
  OIDC_SCOPES: variable(text.default('openid profile'), {
    about: 'What is asked of the identity provider.',
    allowed: 'scopes with blanks between, openid among them',
  }),
  LOG_LEVEL: variable(z.enum(logLevels).default('info'), { about: 'How much is logged.', allowed: logLevels.join(', ') }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(z.url({ protocol: /^https?$/ }).optional(), {
    about: 'Collector of traces, by OTLP over HTTP; the other OTEL_ variables are those of OpenTelemetry. Unset: no traces.',
    allowed: 'a URL that begins with http:// or https://',
    example: 'http://collector.example:4318',
  }),
  METRICS_PORT: variable(port.optional(), { about: "Port of the worker's metrics. Unset: none.", allowed: PORT, example: '9464' }),
  METRICS_HOST: variable(text.default('127.0.0.1'), { about: "Address of the worker's metrics.", allowed: 'an IP address' }),
  SMTP_URL: variable(
    z
      .string()
      .regex(/^smtps?:\/\/\S+$/)
      .optional(),
    {
      about: 'Mail server. Unset: notifications stay in the application.',
      allowed: 'smtp://user:password@host:port or smtps://…',
      example: 'smtp://user:secret@mail.example:587',
      secret: 'url',
    },
  ),
  SMTP_FROM: variable(text.default('Paidan <paidan@localhost>'), {
    about: 'Sender of e-mails.',
    allowed: 'an e-mail address, with or without a name',
  }),
  PAIDAN_HOME: variable(text.default('.paidan'), { about: 'Data of the local servers, logs and attachments.', allowed: FOLDER }),
  PAIDAN_CACHE: variable(text.optional(), {
    about: 'Where downloaded server binaries are kept.',
    allowed: FOLDER,
    computed: 'paidan in $XDG_CACHE_HOME, or ~/.cache/paidan',
  }),
  ATTACHMENTS_DIR: variable(text.optional(), {
    about: 'Files attached to orders.',
    allowed: FOLDER,
    computed: 'attachments in PAIDAN_HOME',
  }),
  CONSOLE_DIR: variable(text.optional(), {
    about: 'The built console. Where there is none, the API answers alone.',
    allowed: FOLDER,
    computed: 'dist/web of the product',
  }),
  ANCHOR_DIR: variable(text.optional(), {
    about: "Files of the daily anchors, by which a history that was written anew shows. Best not on the database's machine.",
    allowed: FOLDER,
    computed: 'anchors in PAIDAN_HOME',
  }),
  ANCHOR_WEBHOOK: variable(z.url({ protocol: /^https?$/ }).optional(), {
    about: 'Told of every anchor, to keep it elsewhere. Unset: files only.',
    allowed: 'a URL that begins with http:// or https://',
    example: 'https://notary.example/anchors',
    secret: 'url',
  }),
  ANCHOR_SECRET: variable(text.optional(), {
    about: 'Signs what the webhook is told: Paidan-Signature, HMAC-SHA-256 of the body.',
    allowed: 'a text',
    secret: 'all',
  }),
  BANK_DIR: variable(text.optional(), {
    about: 'Folder shared with the bank: payouts are written to its `out`, answers read from its `in`. Unset: payouts wait.',
    allowed: FOLDER,
  }),
} as const

export type VariableName = keyof typeof variables

/** Variable names in the order in which they are documented. */
export const variableNames = Object.keys(variables) as VariableName[]

/** A variable's description without the type of its value, for code that walks over all of them. */
export const describeVariable = (name: VariableName): Variable<z.ZodType> => variables[name]
