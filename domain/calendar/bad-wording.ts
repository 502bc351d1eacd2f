import type { Title } from '../title.ts'

/** What somebody has written as a calendar or a budget is none; says why, in both languages. The message is the English one. */
export class BadWording extends RangeError {
  readonly says: Title

  constructor(zh: string, en: string) {
    super(en)
    this.name = 'BadWording'
    this.says = { zh, en }
  }
}
