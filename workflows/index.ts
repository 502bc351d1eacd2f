/** What the worker bundles: one workflow type for each process, named like it. */
import { workflow } from './kit/shell.ts'
export { scheduled } from './kit/shell-scheduled.ts'
export { reconciliation } from './kit/shell-reconciliation.ts'
import { contractCountersign as contractCountersignProcess } from './order/contract-countersign.ts'
import { orderFulfilment as orderFulfilmentProcess } from './order/order-fulfilment.ts'
import { customerVisit as customerVisitProcess } from './order/customer-visit.ts'
import { solutionArgumentation as solutionArgumentationProcess } from './order/solution-argumentation.ts'
import { construction as constructionProcess } from './order/construction.ts'
import { serviceActivation as serviceActivationProcess } from './order/service-activation.ts'
import { dataServiceActivation as dataServiceActivationProcess } from './order/data-service-activation.ts'
import { returnVisit as returnVisitProcess } from './customer/return-visit.ts'
import { complaint as complaintProcess } from './complaint/complaint.ts'
import { customerTransfer as customerTransferProcess } from './customer/customer-transfer.ts'
import { suggestion as suggestionProcess } from './complaint/suggestion.ts'
import { faultLevel1 as faultLevel1Process } from './fault/fault-level-1.ts'
import { faultLevel2 as faultLevel2Process } from './fault/fault-level-2.ts'
import { gradedFault as gradedFaultProcess } from './fault/graded-fault.ts'
import { settlementUnified as settlementUnifiedProcess } from './settlement/settlement-unified.ts'
import { settlementSingle as settlementSingleProcess } from './settlement/settlement-single.ts'
import { settlementSpecial as settlementSpecialProcess } from './settlement/settlement-special.ts'
import { settlementRealTime as settlementRealTimeProcess } from './settlement/settlement-real-time.ts'
import { settlementRerun as settlementRerunProcess } from './settlement/settlement-rerun.ts'
import { rebatePayout as rebatePayoutProcess } from './settlement/rebate-payout.ts'
import { commissionCorrection as commissionCorrectionProcess } from './settlement/commission-correction.ts'
import { creditReview as creditReviewProcess } from './customer/credit-review.ts'
import { arrearsDunning as arrearsDunningProcess } from './customer/arrears-dunning.ts'
import { networkLeave as networkLeaveProcess } from './customer/network-leave.ts'
import { retention as retentionProcess } from './customer/retention.ts'
import { customerMaintenance as customerMaintenanceProcess } from './customer/customer-maintenance.ts'
import { abnormalCustomerTracking as abnormalCustomerTrackingProcess } from './customer/abnormal-customer-tracking.ts'

export const orderFulfilment = workflow(orderFulfilmentProcess)
export const customerVisit = workflow(customerVisitProcess)
export const solutionArgumentation = workflow(solutionArgumentationProcess)
export const contractCountersign = workflow(contractCountersignProcess)
export const construction = workflow(constructionProcess)
export const serviceActivation = workflow(serviceActivationProcess)
export const dataServiceActivation = workflow(dataServiceActivationProcess)
export const returnVisit = workflow(returnVisitProcess)
export const complaint = workflow(complaintProcess)
export const customerTransfer = workflow(customerTransferProcess)
export const suggestion = workflow(suggestionProcess)
export const faultLevel1 = workflow(faultLevel1Process)
export const faultLevel2 = workflow(faultLevel2Process)
export const gradedFault = workflow(gradedFaultProcess)
export const settlementUnified = workflow(settlementUnifiedProcess)
export const settlementSingle = workflow(settlementSingleProcess)
export const settlementSpecial = workflow(settlementSpecialProcess)
export const settlementRealTime = workflow(settlementRealTimeProcess)
export const settlementRerun = workflow(settlementRerunProcess)
export const rebatePayout = workflow(rebatePayoutProcess)
export const commissionCorrection = workflow(commissionCorrectionProcess)
export const creditReview = workflow(creditReviewProcess)
export const arrearsDunning = workflow(arrearsDunningProcess)
export const networkLeave = workflow(networkLeaveProcess)
export const retention = workflow(retentionProcess)
export const customerMaintenance = workflow(customerMaintenanceProcess)
export const abnormalCustomerTracking = workflow(abnormalCustomerTrackingProcess)
