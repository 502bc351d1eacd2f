/** The lists from which forms choose. */
import { useTranslation } from 'react-i18next'
import type { CustomerList, ServiceList, StaffList, UnitList } from '../../http/types.ts'
import { useTitles } from '../../texts/use-lang.ts'
import { Picker, type PickerProps } from './picker.tsx'

type Props = Pick<PickerProps, 'label' | 'value' | 'onChange' | 'required' | 'error' | 'disabled' | 'autoFocus' | 'query'>

export function CustomerPicker(props: Props) {
  const { t } = useTranslation()
  const { say } = useTitles()
  const toChoice = ({ id, no, name, grade }: CustomerList['items'][number]) => ({
    value: id,
    label: say(name),
    hint: `${no} · ${grade in gradeNames ? t(`grade.${grade as keyof typeof gradeNames}`) : grade}`,
  })
  return <Picker {...props} path="/customers" toChoice={toChoice} />
}

const gradeNames = { group: 1, province: 1, 'local-a': 1, 'local-b': 1, 'local-c': 1 }

export function ServicePicker(props: Props) {
  const { say } = useTitles()
  const toChoice = ({ id, no, productName, site }: ServiceList['items'][number]) => ({
    value: id,
    label: `${no} ${say(productName)}`,
    hint: say(site),
  })
  return <Picker {...props} path="/services" toChoice={toChoice} />
}

export function PersonPicker(props: Props) {
  const { say } = useTitles()
  const toChoice = ({ id, name, unit }: StaffList['items'][number]) => ({ value: id, label: say(name), hint: unit })
  return <Picker {...props} path="/staff" toChoice={toChoice} />
}

export function UnitPicker(props: Props) {
  const { say } = useTitles()
  const toChoice = ({ id, name, region }: UnitList['items'][number]) => ({ value: id, label: say(name), hint: region })
  return <Picker {...props} path="/units" toChoice={toChoice} />
}

export function AgentPicker(props: Props) {
  const { say } = useTitles()
  const toChoice = ({ id, name }: { id: string; name: { en: string; zh: string } }) => ({ value: id, label: say(name), hint: id })
  return <Picker {...props} path="/agents" toChoice={toChoice} />
}
