/** One province, two cities, four counties. */
import type { Row } from './rows.ts'

export const province = '/cn/js'
export const cities = ['/cn/js/nj', '/cn/js/sz'] as const
export const counties = ['/cn/js/nj/gulou', '/cn/js/nj/jiangning', '/cn/js/sz/wuzhong', '/cn/js/sz/kunshan'] as const

const region = (path: string, nameZh: string, nameEn: string, level: string) => ({ path, name_zh: nameZh, name_en: nameEn, level })

export const regions = [
  region(province, '江苏省', 'Jiangsu', 'province'),
  region('/cn/js/nj', '南京市', 'Nanjing', 'city'),
  region('/cn/js/sz', '苏州市', 'Suzhou', 'city'),
  region('/cn/js/nj/gulou', '鼓楼区', 'Gulou', 'county'),
  region('/cn/js/nj/jiangning', '江宁区', 'Jiangning', 'county'),
  region('/cn/js/sz/wuzhong', '吴中区', 'Wuzhong', 'county'),
  region('/cn/js/sz/kunshan', '昆山市', 'Kunshan', 'county'),
] satisfies Row[]

/** The city that a county lies in. */
export const cityOf = (county: string) => county.split('/').slice(0, 4).join('/')
