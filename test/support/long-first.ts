/** The few files that take minutes begin first, so that nothing is left to wait for alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const long = ['test/chaos/chaos.test.ts', 'test/dst/simulation.test.ts', 'test/api/matrix.test.ts', 'test/browser/rooms.test.ts']

const rank = ({ moduleId }: TestSpecification): number => {
  const at = long.findIndex((file) => moduleId.endsWith(file))
  return at === -1 ? long.length : at
}

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
