import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { customerWhole } from '../../api/schemas/customer.ts'
import { get } from '../http/client.ts'

export type CustomerWhole = z.output<typeof customerWhole>

export const customerQuery = (id: string) =>
  queryOptions({ queryKey: ['orders', 'customer', id], queryFn: ({ signal }) => get<CustomerWhole>(`/customers/${id}`, {}, signal) })
