/** A run over all customers opens a case for each of those found, and waits for none. */
import type { Fact, ProcessSpec } from '../../domain/order/spec.ts'
import type { Order } from '../kit/process.ts'

/** @param more facts that each case begins with */
export function openCases<S extends ProcessSpec>(
  order: Order<S>,
  process: string,
  found: Readonly<Record<string, Fact>>,
  more: Readonly<Record<string, Fact>> = {},
): 'cases-opened' {
  const [customers, reasons] = [list(found.customers), list(found.reasons)]
  customers.forEach((customer, i) => {
    if (customers.indexOf(customer) < i) return
    const signals = reasons[i]
    order.start(process, { key: customer, customer, input: { entry: 'case', ...(signals !== undefined && { signals }), ...more } })
  })
  return 'cases-opened'
}

const list = (value: Fact | undefined): readonly string[] => (Array.isArray(value) ? (value as string[]) : [])
