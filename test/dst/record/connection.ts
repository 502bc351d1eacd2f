/** What the recorder sees of the database: each statement takes effect when the world comes to it, or never does. */
import type { Part, Statement } from '../../../activities/write.ts'
import type { Session } from '../engine/activities.ts'
import type { Database } from './database.ts'

type Query = Parameters<Database['read']>[0]

export class Connection {
  private readonly database: Database
  private readonly session: Session

  constructor(database: Database, session: Session) {
    this.database = database
    this.session = session
  }

  query(query: Query | string, values: readonly unknown[] = []): Promise<{ rows: object[] }> {
    const asked = typeof query === 'string' ? { text: query, values } : query
    return this.session.gate(() => ({ rows: this.database.read(asked) }))
  }

  write(
    move: { order: string; base: number; prev: string },
    order: Record<string, unknown>,
    parts: readonly Part[],
    statements: readonly Statement[],
  ): Promise<boolean> {
    return this.session.gate(() => this.database.write(move, order, parts, statements))
  }
}
