import { readFileSync } from 'node:fs'
import type { Config } from './config.ts'

/** What both the client's and the worker's `connect` take. */
export interface TemporalConnectionOptions {
  address: string
  apiKey?: string
  tls: boolean | { serverRootCACertificate?: Buffer; clientCertPair?: { crt: Buffer; key: Buffer } }
}

/**
 * Connection options for Temporal. Reads the certificate files.
 *
 * @throws Error that names the variable when a file cannot be read
 */
export function temporalConnectionOptions(config: Config & { TEMPORAL_ADDRESS: string }): TemporalConnectionOptions {
  const crt = pem(config, 'TEMPORAL_TLS_CERT')
  const key = pem(config, 'TEMPORAL_TLS_KEY')
  const ca = pem(config, 'TEMPORAL_TLS_CA')
  const files = { ...(ca && { serverRootCACertificate: ca }), ...(crt && key && { clientCertPair: { crt, key } }) }
  return {
    address: config.TEMPORAL_ADDRESS,
    ...(config.TEMPORAL_API_KEY && { apiKey: config.TEMPORAL_API_KEY }),
    tls: config.TEMPORAL_TLS && Object.keys(files).length > 0 ? files : config.TEMPORAL_TLS,
  }
}

function pem(config: Config, name: 'TEMPORAL_TLS_CERT' | 'TEMPORAL_TLS_KEY' | 'TEMPORAL_TLS_CA'): Buffer | undefined {
  const path = config[name]
  if (!path) return undefined
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Error(`${name} names ${path}, which cannot be read: ${(error as Error).message}`)
  }
}
