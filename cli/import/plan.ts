/** Which order each fault becomes: for which customer, where, and with what input. Pure, and the same on every run. */
import type { Fact } from '../../domain/order/spec.ts'
import type { Fault } from './faults.ts'
import { InputError } from './csv.ts'
import { type Mapping, fillIn, fillText, mapFault, placeholders } from './mapping.ts'

/** What the record knows and a plan chooses from. */
export interface Reference {
  /** Paths, in their order. */
  counties: readonly string[]
  customers: readonly { id: string; no: string; grade: string; region: string; contract: string | null }[]
  products: readonly { id: string; group: string }[]
}

/** A site and a service there; whichever does not exist yet is created. */
export interface Place {
  site: { id: string; customer: string; name: string; region: string }
  service: {
    id: string
    no: string
    customer: string
    product: string
    site: string
    region: string
    circuitGrade: string | null
    contract: string | null
    hasStandby: boolean
  }
}

export interface Plan {
  fault: Fault
  process: string
  customer: string
  grade: string
  title: string
  input: Readonly<Record<string, Fact>>
  place: Place
}

/** Longest title that an order takes. */
const TITLE_MAX = 200

/**
 * @param at epoch ms that `{at}` stands for
 * @throws InputError when the record has no county or no customer
 */
export function planner(mapping: Mapping, reference: Reference, at: number): (fault: Fault) => Plan {
  const { counties, customers } = reference
  if (counties.length === 0 || customers.length === 0)
    throw new InputError(
      'The database has no counties or no customers to give faults to; `npm start` writes the demo data into an empty one.',
    )
  const groups = new Map(reference.products.map(({ id, group }) => [id, group]))
  // Asked for each fault: found once.
  const pools = new Map<string, Reference['customers']>()
  const poolOf = (county: string, grade: string) => {
    const key = `${county} ${grade}`
    const pool = pools.get(key) ?? candidates(customers, county, grade)
    pools.set(key, pool)
    return pool
  }
  return (fault) => {
    const mapped = mapFault(mapping, fault)
    const county = counties[fault.location % counties.length]!
    const pool = poolOf(county, mapped.customerGrade)
    const customer = pool[Math.floor(fault.location / counties.length) % pool.length]!
    const circuitGrade = groups.get(mapped.product) === 'bandwidth' ? mapped.circuitGrade : null
    const place = placeOf(fault.location, county, customer, mapped.product, circuitGrade)
    const known = placeholders(fault, { service: place.service.no, at })
    return {
      fault,
      process: mapped.process,
      customer: customer.id,
      grade: customer.grade,
      title: fillText(mapping.title, known).slice(0, TITLE_MAX),
      input: fillIn(mapping.input[mapped.process]!, known),
      place,
    }
  }
}

/** Customers of the grade in the county; else in its city, else anywhere; else those of any grade. */
function candidates(customers: Reference['customers'], county: string, grade: string): Reference['customers'] {
  const ofGrade = customers.filter((customer) => customer.grade === grade)
  const city = county.slice(0, county.lastIndexOf('/'))
  const within = (region: string) => ofGrade.filter((customer) => customer.region === region || customer.region.startsWith(`${region}/`))
  return [within(county), within(city), ofGrade, customers].find((list) => list.length > 0)!
}

function placeOf(
  location: number,
  county: string,
  customer: Reference['customers'][number],
  product: string,
  circuitGrade: string | null,
): Place {
  const site = `si-l${location}-${customer.id}`
  const parts = [`l${location}`, product, ...(circuitGrade ? [circuitGrade] : [])]
  return {
    site: { id: site, customer: customer.id, name: `L-${location}`, region: county },
    service: {
      id: `sv-${[...parts, customer.id].join('-').toLowerCase()}`,
      no: [...parts, customer.no].join('-').toUpperCase(),
      customer: customer.id,
      product,
      site,
      region: county,
      circuitGrade,
      contract: customer.contract,
      hasStandby: circuitGrade === 'A',
    },
  }
}
