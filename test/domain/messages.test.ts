import { describe, expect, it } from 'vitest'
import { messageSubjects, renderMessage } from '../../domain/messages.ts'
import { specs } from '../../domain/processes/index.ts'
import { ladders } from '../../prisma/seed/ladders.ts'
import type { ProcessSpec } from '../../domain/order/spec.ts'

const data = {
  no: 'GF-20260105-000001',
  title: '断网',
  process: 'graded-fault',
  step: 'repair-fault',
  task: 'repair-fault.1',
  pct: 150,
  due: Date.UTC(2026, 0, 5, 1, 30),
  late: 90_000,
}

describe('renderMessage', () => {
  it('writes a breach in both languages', () => {
    expect(renderMessage('limit-breach', 'en', data)).toEqual({
      subject: '[GF-20260105-000001] A limit has been exceeded',
      body: 'Order: GF-20260105-000001\nSubject: 断网\nProcess: Fault of a government-enterprise customer by grade\nStep: Repair\nUsed: 150 %\nDue: 2026-01-05 09:30\nNoticed late by: 1 min 30 s',
    })
    expect(renderMessage('limit-breach', 'zh', data)).toEqual({
      subject: '[GF-20260105-000001] 已超时',
      body: '工单：GF-20260105-000001\n主题：断网\n流程：政企客户故障处理流程\n环节：故障处理\n已用时限：150 %\n到期：2026-01-05 09:30\n触发延迟：1分钟30秒',
    })
  })

  it('names outcomes and ends, and says nothing of a lateness that nobody could feel', () => {
    const { body } = renderMessage('order-closed', 'en', {
      process: 'graded-fault',
      step: 'accept-fault',
      outcome: 'not-a-fault',
      end: 'closed',
      late: 900,
      reason: '',
    })
    expect(body).toContain('Outcome: Not a fault')
    expect(body).toContain('End: Closed')
    expect(body).not.toMatch(/late|Reason/)
  })

  it('stays readable for a process, step or template that there is no more', () => {
    expect(renderMessage('gone', 'zh', { process: 'gone', step: 'gone-too', outcome: 'x', end: 'y' })).toEqual({
      subject: 'gone',
      body: '流程：gone\n环节：gone-too\n结果：x\n结束状态：y',
    })
  })

  it('has a subject for every template that a specification or ladder names', () => {
    const named = [
      ...specs.flatMap((spec: ProcessSpec) =>
        Object.values(spec.steps).flatMap((step) => (step.notify ?? []).map(({ template }) => template)),
      ),
      ...Object.values(ladders).flatMap(({ rungs }) => rungs.map(({ template }) => template)),
    ]
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((template) => !messageSubjects[template])).toEqual([])
  })
})
