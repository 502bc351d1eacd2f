/** What the server tells. */
export type Told =
  | { type: 'order'; data: { id: string; version: number } }
  | { type: 'rung'; data: { order: string } }
  | { type: 'notification'; data: Record<string, unknown> }
  | { type: 'resync'; data: Record<string, unknown> }
