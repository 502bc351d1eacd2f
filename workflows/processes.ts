/** Every process with its body. Free of the engine, so that the explorer, the gate, the simulator and the door can use it. */
import { complaint } from './complaint/complaint.ts'
import { suggestion } from './complaint/suggestion.ts'
import { customerTransfer } from './customer/customer-transfer.ts'
import { returnVisit } from './customer/return-visit.ts'
import { creditReview } from './customer/credit-review.ts'
import { arrearsDunning } from './customer/arrears-dunning.ts'
import { networkLeave } from './customer/network-leave.ts'
import { retention } from './customer/retention.ts'
import { customerMaintenance } from './customer/customer-maintenance.ts'
import { abnormalCustomerTracking } from './customer/abnormal-customer-tracking.ts'
import { faultLevel1 } from './fault/fault-level-1.ts'
import { faultLevel2 } from './fault/fault-level-2.ts'
import { gradedFault } from './fault/graded-fault.ts'
import type { Process } from './kit/process.ts'
import { construction } from './order/construction.ts'
import { contractCountersign } from './order/contract-countersign.ts'
import { dataServiceActivation } from './order/data-service-activation.ts'
import { customerVisit } from './order/customer-visit.ts'
import { orderFulfilment } from './order/order-fulfilment.ts'
import { serviceActivation } from './order/service-activation.ts'
import { solutionArgumentation } from './order/solution-argumentation.ts'
import { commissionCorrection } from './settlement/commission-correction.ts'
import { rebatePayout } from './settlement/rebate-payout.ts'
import { settlementRealTime } from './settlement/settlement-real-time.ts'
import { settlementRerun } from './settlement/settlement-rerun.ts'
import { settlementSingle } from './settlement/settlement-single.ts'
import { settlementSpecial } from './settlement/settlement-special.ts'
import { settlementUnified } from './settlement/settlement-unified.ts'

/** In the order of the catalogue. */
export const processes: readonly Process[] = [
  orderFulfilment,
  customerVisit,
  solutionArgumentation,
  contractCountersign,
  construction,
  serviceActivation,
  dataServiceActivation,
  returnVisit,
  complaint,
  customerTransfer,
  suggestion,
  faultLevel1,
  faultLevel2,
  gradedFault,
  creditReview,
  arrearsDunning,
  networkLeave,
  retention,
  customerMaintenance,
  abnormalCustomerTracking,
  settlementUnified,
  settlementSingle,
  settlementSpecial,
  settlementRealTime,
  settlementRerun,
  rebatePayout,
  commissionCorrection,
]
