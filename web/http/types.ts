/** What the API says, as its own schemas have it. No shape is written a second time. */
import type { z } from 'zod'
import type { CommandIn } from '../../api/schemas/command.ts'
import type {
  allowed,
  clock,
  event,
  eventList,
  orderDetail,
  orderList,
  orderSummary,
  started,
  startIn,
  task,
} from '../../api/schemas/order.ts'
import type { customerList, serviceList, staffList, unitList } from '../../api/schemas/picker.ts'
import type { processDetail, processSummary } from '../../api/schemas/process.ts'
import type { me } from '../../api/schemas/session.ts'
import type { breachList, notificationList, taskItem, taskList } from '../../api/schemas/task.ts'

export type Me = z.output<typeof me>
export type Order = z.output<typeof orderDetail>
export type OrderSummary = z.output<typeof orderSummary>
export type OrderList = z.output<typeof orderList>
export type Task = z.output<typeof task>
export type Clock = z.output<typeof clock>
export type Allowed = z.output<typeof allowed>
export type Event = z.output<typeof event>
export type EventList = z.output<typeof eventList>
export type StartIn = z.input<typeof startIn>
export type Started = z.output<typeof started>
export type TaskItem = z.output<typeof taskItem>
export type TaskList = z.output<typeof taskList>
export type BreachList = z.output<typeof breachList>
export type NotificationList = z.output<typeof notificationList>
export type ProcessSummary = z.output<typeof processSummary>
export type ProcessDetail = z.output<typeof processDetail>
export type CustomerList = z.output<typeof customerList>
export type ServiceList = z.output<typeof serviceList>
export type StaffList = z.output<typeof staffList>
export type UnitList = z.output<typeof unitList>
export type Command = CommandIn
export type Title = { en: string; zh: string }
export type Names = Readonly<Record<string, Title>>
export type Field = ProcessSummary['input'][string]
export type Form = ProcessSummary['input']
export type Fact = string | number | boolean | string[]
export type Facts = Record<string, Fact>
