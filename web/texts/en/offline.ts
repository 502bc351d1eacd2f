export const offline = {
  title: 'Waiting for a connection: {{count}}',
  waiting: 'will be sent',
  done: 'accepted',
  refused: 'refused',
  seen: 'Seen',
  queued: 'No connection: kept on this device, and sent as soon as there is one.',
}
