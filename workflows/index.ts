/** What the worker bundles: one workflow type for each process, named like it. */
import { workflow } from './kit/shell.ts'
import { contractCountersign as contractCountersignProcess } from './order/contract-countersign.ts'
import { returnVisit as returnVisitProcess } from './customer/return-visit.ts'
import { faultLevel1 as faultLevel1Process } from './fault/fault-level-1.ts'
import { faultLevel2 as faultLevel2Process } from './fault/fault-level-2.ts'
import { gradedFault as gradedFaultProcess } from './fault/graded-fault.ts'

export const contractCountersign = workflow(contractCountersignProcess)
export const returnVisit = workflow(returnVisitProcess)
export const faultLevel1 = workflow(faultLevel1Process)
export const faultLevel2 = workflow(faultLevel2Process)
export const gradedFault = workflow(gradedFaultProcess)
