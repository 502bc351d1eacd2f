/** All processes that are built. */
import type { ProcessSpec } from '../order/spec.ts'
import { complaintSpec } from './complaint.ts'
import { customerTransferSpec } from './customer-transfer.ts'
import { dataServiceActivationSpec } from './data-service-activation.ts'
import { constructionSpec } from './construction.ts'
import { contractCountersignSpec } from './contract-countersign.ts'
import { customerVisitSpec } from './customer-visit.ts'
import { faultLevel1Spec } from './fault-level-1.ts'
import { faultLevel2Spec } from './fault-level-2.ts'
import { gradedFaultSpec } from './graded-fault.ts'
import { orderFulfilmentSpec } from './order-fulfilment.ts'
import { returnVisitSpec } from './return-visit.ts'
import { serviceActivationSpec } from './service-activation.ts'
import { solutionArgumentationSpec } from './solution-argumentation.ts'
import { suggestionSpec } from './suggestion.ts'
import { creditReviewSpec } from './credit-review.ts'
import { arrearsDunningSpec } from './arrears-dunning.ts'
import { networkLeaveSpec } from './network-leave.ts'
import { retentionSpec } from './retention.ts'
import { customerMaintenanceSpec } from './customer-maintenance.ts'
import { abnormalCustomerTrackingSpec } from './abnormal-customer-tracking.ts'
import { settlementUnifiedSpec } from './settlement-unified.ts'
import { settlementSingleSpec } from './settlement-single.ts'
import { settlementSpecialSpec } from './settlement-special.ts'
import { settlementRealTimeSpec } from './settlement-real-time.ts'
import { settlementRerunSpec } from './settlement-rerun.ts'
import { rebatePayoutSpec } from './rebate-payout.ts'
import { commissionCorrectionSpec } from './commission-correction.ts'

/** In the order of the catalogue. */
export const specs = [
  orderFulfilmentSpec,
  customerVisitSpec,
  solutionArgumentationSpec,
  contractCountersignSpec,
  constructionSpec,
  serviceActivationSpec,
  dataServiceActivationSpec,
  returnVisitSpec,
  complaintSpec,
  customerTransferSpec,
  suggestionSpec,
  faultLevel1Spec,
  faultLevel2Spec,
  gradedFaultSpec,
  creditReviewSpec,
  arrearsDunningSpec,
  networkLeaveSpec,
  retentionSpec,
  customerMaintenanceSpec,
  abnormalCustomerTrackingSpec,
  settlementUnifiedSpec,
  settlementSingleSpec,
  settlementSpecialSpec,
  settlementRealTimeSpec,
  settlementRerunSpec,
  rebatePayoutSpec,
  commissionCorrectionSpec,
] as const

const byId = new Map<string, ProcessSpec>(specs.map((spec) => [spec.id, spec]))

/** The specification of a process. @throws RangeError naming the id and those that there are */
export function specOf(id: string): ProcessSpec {
  const spec = byId.get(id)
  if (!spec) throw new RangeError(`there is no process '${id}'; there are ${[...byId.keys()].join(', ')}`)
  return spec
}
