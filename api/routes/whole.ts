import { operation } from '../http/operation.ts'
import { version } from '../http/version.ts'
import { Problem } from '../problem.ts'
import { healthOf } from '../queries/whole.ts'
import { health } from '../schemas/whole.ts'

export const wholeOperations = [
  operation({
    id: 'getHealth',
    method: 'get',
    path: '/health',
    tag: 'Health',
    summary: 'How the whole is: parts, timers, orphans, backlogs, schedules',
    description: 'For supervisors and auditors of the province; balancers ask /healthz and /readyz, monitoring /metrics.',
    answers: { 200: { description: 'As it is now.', schema: health } },
    problems: ['NOT_ALLOWED'],
    async handle({ deps, ability }) {
      if (!ability.can('read', 'Health'))
        throw new Problem('NOT_ALLOWED', { says: { zh: '仅限省级主管与稽核', en: 'this is for supervisors and auditors of the province' } })
      return { status: 200, body: await healthOf(deps, version()) }
    },
  }),
]
