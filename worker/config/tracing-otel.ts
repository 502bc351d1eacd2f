/** OpenTelemetry behind our few words for it. Loaded only where a collector is named. */
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, context, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { OpenSpan, SpanOptions, Tracing } from './tracing.ts'

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const

/** @param endpoint of the collector, by OTLP over HTTP; headers, sampler and the like are read by the library from OTEL_… */
export function openTelemetry(endpoint: string, service: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'paidan', 'process.pid': process.pid }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000 })],
  })
  provider.register()
  const tracer = provider.getTracer('paidan')
  const begin = (name: string, { kind = 'internal', parent, attributes = {} }: SpanOptions, startTime?: number) => {
    const under = parent === undefined ? context.active() : contextOf(parent)
    const options = { kind: kinds[kind], attributes, ...(startTime !== undefined && { startTime }) }
    const span = tracer.startSpan(name, options, under)
    return { span, within: trace.setSpan(under, span) }
  }
  return {
    async span(name, options, work) {
      const { span, within } = begin(name, options)
      const open: OpenSpan = {
        rename: (other) => span.updateName(other),
        set: (attributes) => span.setAttributes(attributes),
        failed: (message) => span.setStatus({ code: SpanStatusCode.ERROR, message }),
      }
      try {
        return await context.with(within, () => work(open))
      } catch (error) {
        span.recordException(error as Error)
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
        throw error
      } finally {
        span.end()
      }
    },
    past(name, { start, end, ...options }) {
      const { span, within } = begin(name, options, start)
      span.end(Math.max(start, end))
      return traceparentOf(within)
    },
    current: () => traceparentOf(context.active()),
    close: () => provider.shutdown(),
  }
}

const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Of another program's span; what is not in the form begins a trace of its own. */
function contextOf(traceparent: string): Context {
  const [, traceId, spanId, flags] = FORM.exec(traceparent) ?? []
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

function traceparentOf(within: Context): string | undefined {
  const about = trace.getSpanContext(within)
  if (!about) return undefined
  return `00-${about.traceId}-${about.spanId}-${about.traceFlags.toString(16).padStart(2, '0')}`
}
