import { operation } from '../http/operation.ts'
import { Problem } from '../problem.ts'
import { promiseOfOrder } from '../queries/promise.ts'
import { orderParams } from '../schemas/order.ts'
import { promise } from '../schemas/promise.ts'
import { requireInSight } from './orders.ts'

export const promiseOperations = [
  operation({
    id: 'getPromise',
    method: 'get',
    path: '/orders/{id}/promise',
    tag: 'Orders',
    summary: 'When an order is promised to be done, line by line, and how that moved',
    params: orderParams,
    answers: { 200: { description: 'The promise.', schema: promise } },
    async handle(ctx) {
      const { deps, params } = ctx
      await requireInSight(ctx, params.id)
      const found = await promiseOfOrder(deps.pool, params.id, (id) => deps.catalogue.spec(id))
      if (!found) throw new Problem('NOT_FOUND')
      return { status: 200, body: found }
    },
  }),
]
