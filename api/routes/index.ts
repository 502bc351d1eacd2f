/** Every operation of the API, in the order of its document. */
import type { Operation } from '../http/operation.ts'
import { attachmentOperations } from './attachments.ts'
import { historyOperations } from './history.ts'
import { orderOperations } from './orders.ts'
import { pickerOperations } from './pickers.ts'
import { processOperations } from './processes.ts'
import { sessionOperations } from './sessions.ts'
import { taskOperations } from './tasks.ts'
import { tokenOperations } from './tokens.ts'

export const operations: readonly Operation[] = [
  ...sessionOperations,
  ...tokenOperations,
  ...orderOperations,
  ...historyOperations,
  ...taskOperations,
  ...attachmentOperations,
  ...pickerOperations,
  ...processOperations,
]
