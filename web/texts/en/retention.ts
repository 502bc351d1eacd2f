export const retention = {
  title: 'Retention',
}
