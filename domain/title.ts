/** A text in the two languages of the product. */
export interface Title {
  en: string
  zh: string
}
