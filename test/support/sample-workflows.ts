/** The sample process as the kit's tests bundle it. */
import { workflow } from '../../workflows/kit/shell.ts'
import { sample as sampleProcess } from './sample.ts'

export const sample = workflow(sampleProcess)
