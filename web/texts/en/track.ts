export const track = {
  title: 'Where your order stands',
}
