/** Every operation of the API, in the order of its document. */
import type { Operation } from '../http/operation.ts'
import { adminLogOperations } from './admin-log.ts'
import { attachmentOperations } from './attachments.ts'
import { calendarOperations } from './calendars.ts'
import { customerOperations } from './customers.ts'
import { dispatchOperations } from './dispatch.ts'
import { documentOperations } from './documents.ts'
import { erasureOperations } from './erasures.ts'
import { exportOperations } from './exports.ts'
import { healthOperations } from './health.ts'
import { orderExportOperations } from './exports-orders.ts'
import { historyFileOperations } from './history-files.ts'
import { historyOperations } from './history.ts'
import { orderOperations } from './orders.ts'
import { paymentOperations } from './payments.ts'
import { peopleOperations } from './people.ts'
import { pickerOperations } from './pickers.ts'
import { policyOperations } from './policies.ts'
import { processOperations } from './processes.ts'
import { promiseOperations } from './promise.ts'
import { reportOperations } from './reports.ts'
import { repeatOperations } from './repeats.ts'
import { resourceOperations } from './resources.ts'
import { campaignOperations } from './retention/campaigns.ts'
import { detectionOperations } from './retention/models.ts'
import { scheduleOperations } from './schedules.ts'
import { searchOperations } from './search.ts'
import { sessionOperations } from './sessions.ts'
import { settlementOperations } from './settlement/index.ts'
import { ssoOperations } from './sso.ts'
import { staffLoadOperations } from './staff-load.ts'
import { streamOperations } from './stream.ts'
import { taskOperations } from './tasks.ts'
import { tokenOperations } from './tokens.ts'
import { trackLinkOperations } from './track-links.ts'
import { trackOperations } from './track.ts'
import { treeOperations } from './tree.ts'
import { viewOperations } from './views.ts'
import { wholeOperations } from './whole.ts'

export const operations: readonly Operation[] = [
  ...sessionOperations,
  ...ssoOperations,
  ...tokenOperations,
  // Before the orders, whose ids would take its path.
  ...repeatOperations,
  ...orderOperations,
  ...treeOperations,
  ...promiseOperations,
  ...trackLinkOperations,
  ...historyOperations,
  ...historyFileOperations,
  ...taskOperations,
  ...streamOperations,
  ...staffLoadOperations,
  ...reportOperations,
  ...viewOperations,
  ...dispatchOperations,
  ...attachmentOperations,
  ...searchOperations,
  ...pickerOperations,
  ...customerOperations,
  ...resourceOperations,
  ...documentOperations,
  ...paymentOperations,
  ...processOperations,
  ...policyOperations,
  ...calendarOperations,
  ...scheduleOperations,
  ...detectionOperations,
  ...campaignOperations,
  ...settlementOperations,
  ...healthOperations,
  ...exportOperations,
  ...orderExportOperations,
  ...wholeOperations,
  ...peopleOperations,
  ...adminLogOperations,
  ...erasureOperations,
  ...trackOperations,
]
