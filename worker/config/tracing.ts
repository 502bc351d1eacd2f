/**
 * Traces for OpenTelemetry, where a collector is named (OTEL_EXPORTER_OTLP_ENDPOINT). Where none is, nothing of OpenTelemetry is
 * loaded. A trace goes on in another program by a text of the W3C's form, `traceparent`.
 */
import type { Config } from './config.ts'

export type SpanKind = 'server' | 'client' | 'internal'
export type Attributes = Readonly<Record<string, string | number | boolean>>

export interface SpanOptions {
  kind?: SpanKind
  /** traceparent of a span of another program; default: the current span. */
  parent?: string | undefined
  attributes?: Attributes
}

/** A span that is open. */
export interface OpenSpan {
  rename(name: string): void
  set(attributes: Attributes): void
  failed(message: string): void
}

export interface Tracing {
  /** Runs work in a span; what it throws is noted and thrown on. */
  span<T>(name: string, options: SpanOptions, work: (span: OpenSpan) => Promise<T>): Promise<T>
  /** A span that has been already; epoch ms. Answers its traceparent. */
  past(name: string, options: SpanOptions & { start: number; end: number }): string | undefined
  /** traceparent of the current span; undefined where there is none. */
  current(): string | undefined
  /** Hands over what has been collected. */
  close(): Promise<void>
}

const nobody: OpenSpan = { rename: () => {}, set: () => {}, failed: () => {} }

export const noTracing: Tracing = {
  span: (_name, _options, work) => work(nobody),
  past: () => undefined,
  current: () => undefined,
  close: () => Promise.resolve(),
}

/** @param service name of this program among the spans */
export async function loadTracing(config: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT'>, service: string): Promise<Tracing> {
  if (!config.OTEL_EXPORTER_OTLP_ENDPOINT) return noTracing
  const { openTelemetry } = await import('./tracing-otel.ts')
  return openTelemetry(config.OTEL_EXPORTER_OTLP_ENDPOINT, service)
}

/** The trace's own id, for logs. */
export const traceIdOf = (traceparent: string | undefined): string | undefined => traceparent?.split('-')[1]
