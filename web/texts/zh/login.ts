import type { login as en } from '../en/login.ts'
import type { Same } from '../same.ts'

export const login: Same<typeof en> = {
  title: '登录',
  login: '用户名',
  password: '密码',
  submit: '登录',
  wrong: '用户名或密码不正确。',
  ended: '登录已失效，请重新登录；已确认的操作不会丢失。',
}
