/** Steps of credit, dunning and leaving that the machine does, by `process/step`. */
import { applyCredit, collectFactors, scoreCredit } from './credit.ts'
import { recordArrears, restoreService, restrictService } from './dunning.ts'
import { deregisterCustomer } from './leaving.ts'

export const customerLifeSteps = {
  'credit-review/collect-factors': collectFactors,
  'credit-review/score-credit': scoreCredit,
  'credit-review/apply-credit': applyCredit,
  'arrears-dunning/record-arrears': recordArrears,
  'arrears-dunning/restrict-service': restrictService,
  'arrears-dunning/restore-service': restoreService,
  'network-leave/deregister-customer': deregisterCustomer,
}
