export const work = {
  title: 'My work',
  held: 'In my hands',
  offered: 'Offered to me',
  unit: 'Of my unit',
  empty: 'Nothing to do',
  emptyHint: 'New work appears here by itself.',
  accept: 'Accept',
  open: 'Open',
}
