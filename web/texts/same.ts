/** The same keys, with texts of another language: a key that is missing or too many does not compile. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }
