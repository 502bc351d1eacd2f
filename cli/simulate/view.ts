/** Answers of the API, as the simulator reads them. */
import type { z } from 'zod'
import type { allowed, orderDetail, orderList, task } from '../../api/schemas/order.ts'
import type { staff } from '../../api/schemas/picker.ts'
import type { processDetail, processSummary } from '../../api/schemas/process.ts'
import type { taskItem } from '../../api/schemas/task.ts'
import type { FieldSpec } from '../../domain/order/spec.ts'

export type OrderView = z.output<typeof orderDetail>
export type OrderPage = z.output<typeof orderList>
export type TaskView = z.output<typeof task>
export type TaskItem = z.output<typeof taskItem>
export type StaffView = z.output<typeof staff>
export type ProcessSummary = z.output<typeof processSummary>
export type ProcessView = z.output<typeof processDetail>
export type Form = Readonly<Record<string, FieldSpec>>
export type AllowedView = Omit<z.output<typeof allowed>, 'outcomes'> & { outcomes?: { id: string; form: Form }[] }

export interface Page<T> {
  items: T[]
  page: { next: string | null }
}

/** Chance, from a seed: at least 0, below 1. */
export type Random = () => number

export const oneOf = <T>(random: Random, list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]

/** Tasks that are not closed. */
export const openTasks = (order: OrderView): TaskView[] => order.tasks.filter(({ closedAt }) => closedAt === null)
