export const login = {
  title: 'Sign in',
  login: 'Login',
  password: 'Password',
  submit: 'Sign in',
  wrong: 'Login or password is wrong.',
  ended: 'Your session has ended. Sign in again; nothing that was acknowledged is lost.',
}
