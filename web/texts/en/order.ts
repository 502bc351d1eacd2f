export const order = {
  title: 'Order',
  tasks: 'Tasks',
  history: 'History',
  customer: 'Customer',
  process: 'Process',
  opened: 'Opened',
  done: 'Done',
  newTitle: 'New order',
  chooseProcess: 'Which process?',
  orderTitle: 'Title',
  create: 'Create the order',
  created: 'Order created',
}
