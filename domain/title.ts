/** A text in the two languages of the product. */
export interface Title {
  en: string
  zh: string
}

/** An id, a name, a number: the same in both. */
export const plain = (text: string): Title => ({ en: text, zh: text })
