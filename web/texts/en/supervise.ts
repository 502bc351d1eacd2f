export const supervise = {
  title: 'Supervision',
}
