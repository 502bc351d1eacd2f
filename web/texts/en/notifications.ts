export const notifications = {
  title: 'Notifications',
  bell: 'Notifications: {{count}} unread',
  unread: 'Unread',
  all: 'All',
  readAll: 'Mark all as read',
  read: 'Mark as read',
  empty: 'No messages',
  emptyHint: 'What concerns you appears here by itself.',
  earlier: 'Earlier messages',
  isNew: 'unread',
  today: 'Today',
}
