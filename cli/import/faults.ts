/** The fault list: five files joined by the number of the fault. */
import { join } from 'node:path'
import { readCsv } from './csv.ts'
import { isIn } from './values.ts'

export interface Fault {
  id: string
  /** Line of the fault in train.csv. */
  line: number
  /** Number of its location. */
  location: number
  severity: string
  severityType: string
  events: readonly string[]
  resources: readonly string[]
  features: readonly { name: string; volume: number }[]
}

/** A row that can't be imported. */
export interface Reject {
  file: string
  line: number
  id: string
  reason: string
}

export interface FaultList {
  /** Rows of train.csv: every one is a fault to import, or rejected. */
  read: number
  faults: Fault[]
  rejects: Reject[]
  /** Rows of the other files whose number is not in train.csv. */
  unused: number
}

/** Values that the columns may have (see values.ts). */
export interface KnownValues {
  fault_severity: readonly string[]
  severity_type: readonly string[]
  event_type: readonly string[]
  resource_type: readonly string[]
}

export const FAULTS = 'train.csv'

interface Draft extends Omit<Fault, 'severityType' | 'events' | 'resources' | 'features'> {
  severityType?: string
  events: string[]
  resources: string[]
  features: { name: string; volume: number }[]
  /** One of its rows is broken, and listed as such. */
  broken?: true
}

/**
 * Reads and joins the files. A broken row takes its fault with it: what is missing might have decided its process, and an order can't
 * be started twice to correct it.
 *
 * @throws InputError when a file or a column is missing
 */
export async function readFaults(folder: string, known: KnownValues): Promise<FaultList> {
  const list: FaultList = { read: 0, faults: [], rejects: [], unused: 0 }
  const drafts = await readDrafts(folder, known, list)

  const details = async <const C extends string>(
    file: string,
    columns: readonly C[],
    add: (draft: Draft, values: Record<C, string>) => string | undefined,
  ) => {
    for await (const { line, values, broken } of readCsv(join(folder, file), ['id', ...columns])) {
      const { id } = values as Record<string, string> & { id: string }
      const draft = drafts.get(id)
      const wrong = wrongId(id) ?? (draft && (broken ?? add(draft, values)))
      if (wrong) {
        list.rejects.push({ file, line, id, reason: wrong })
        if (draft) draft.broken = true
      } else if (!draft) list.unused++
    }
  }
  await details('event_type.csv', ['event_type'], ({ events }, { event_type: event }) => {
    if (!isIn(known.event_type, event)) return unknown('event_type', event)
    if (!events.includes(event)) events.push(event)
    return undefined
  })
  await details('resource_type.csv', ['resource_type'], ({ resources }, { resource_type: resource }) => {
    if (!isIn(known.resource_type, resource)) return unknown('resource_type', resource)
    if (!resources.includes(resource)) resources.push(resource)
    return undefined
  })
  await details('severity_type.csv', ['severity_type'], (draft, { severity_type: type }) => {
    if (!isIn(known.severity_type, type)) return unknown('severity_type', type)
    if (draft.severityType !== undefined) return 'second severity_type of this fault'
    draft.severityType = type
    return undefined
  })
  await details('log_feature.csv', ['log_feature', 'volume'], ({ features }, { log_feature: name, volume }) => {
    if (!/^feature [1-9]\d{0,8}$/.test(name)) return unknown('log_feature', name)
    if (!/^\d{1,9}$/.test(volume)) return `volume "${volume}" is not a whole number from 0`
    features.push({ name, volume: Number(volume) })
    return undefined
  })

  for (const draft of drafts.values()) finish(draft, list)
  return list
}

async function readDrafts(folder: string, known: KnownValues, list: FaultList): Promise<Map<string, Draft>> {
  const drafts = new Map<string, Draft>()
  for await (const { line, values, broken } of readCsv(join(folder, FAULTS), ['id', 'location', 'fault_severity'])) {
    list.read++
    const { id, location, fault_severity: severity } = values
    const number = /^location ([1-9]\d{0,5})$/.exec(location)?.[1]
    const first = drafts.get(id)
    const wrong =
      broken ??
      wrongId(id) ??
      (first && `second row of this fault; the one on line ${first.line} counts`) ??
      (number === undefined ? `location "${location}" is not of the form "location 118"` : undefined) ??
      (isIn(known.fault_severity, severity) ? undefined : unknown('fault_severity', severity))
    if (wrong) list.rejects.push({ file: FAULTS, line, id, reason: wrong })
    else drafts.set(id, { id, line, location: Number(number), severity, events: [], resources: [], features: [] })
  }
  return drafts
}

function finish({ broken, severityType, ...rest }: Draft, list: FaultList): void {
  // Its broken row is listed already.
  if (broken) return
  const missing =
    severityType === undefined
      ? 'severity_type.csv'
      : rest.events.length === 0
        ? 'event_type.csv'
        : rest.resources.length === 0
          ? 'resource_type.csv'
          : undefined
  if (severityType === undefined || missing)
    list.rejects.push({ file: FAULTS, line: rest.line, id: rest.id, reason: `no row in ${missing}` })
  else list.faults.push({ ...rest, severityType })
}

const wrongId = (id: string) => (/^[1-9]\d{0,11}$/.test(id) ? undefined : `id "${id}" is not a whole number from 1`)

const unknown = (column: string, value: string) =>
  value === '' ? `${column} is missing` : `unknown ${column} "${value}"; add it to "values" of the mapping file if it is right`
