/** Name of the workflow type of a process: `fault-level-1` → `faultLevel1`, as workflows/index.ts exports it. */
export const workflowType = (process: string): string => process.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
