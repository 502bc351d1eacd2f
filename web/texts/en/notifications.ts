export const notifications = {
  title: 'Notifications',
  bell: 'Notifications: {{count}} unread',
  unread: 'Unread',
  readAll: 'Mark all as read',
  empty: 'No messages',
}
