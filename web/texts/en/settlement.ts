export const settlement = {
  title: 'Settlement',
}
