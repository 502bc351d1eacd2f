import { describe, expect, it } from 'vitest'
import { InputError } from '../../../cli/import/csv.ts'
import { readFaults } from '../../../cli/import/faults.ts'
import { defaultMapping, readMapping } from '../../../cli/import/mapping.ts'
import { type Files, goodFiles, writeList } from './list.ts'

const { values } = readMapping(defaultMapping)
const read = (folder: string) => readFaults(folder, values)

describe('the fault list', () => {
  it('joins the five files by the number of the fault', async () => {
    const files = goodFiles(2)
    files.event_type.push('1,event_type 54', '1,event_type 54')
    files.resource_type.push('1,resource_type 8')
    files.log_feature.push('1,feature 312,40')
    const { faults, rejects, read: rows, unused } = await read(writeList(files))
    expect({ rejects, rows, unused }).toEqual({ rejects: [], rows: 2, unused: 0 })
    expect(faults[0]).toEqual({
      id: '1',
      line: 2,
      location: 1,
      severity: '1',
      severityType: 'severity_type 2',
      events: ['event_type 2', 'event_type 54'],
      resources: ['resource_type 2', 'resource_type 8'],
      features: [
        { name: 'feature 1', volume: 1 },
        { name: 'feature 312', volume: 40 },
      ],
    })
  })

  it('reads what spreadsheets write: a byte order mark, CRLF, quotes, empty lines, other columns in another order', async () => {
    const train = '\uFEFFfault_severity,id,note,location\r\n"0",1,x,"location 7"\r\n\r\n1,2,y,location 8\r\n'
    const { faults, rejects } = await read(writeList(goodFiles(2), { train }))
    expect(rejects).toEqual([])
    expect(faults.map(({ id, line, location, severity }) => [id, line, location, severity])).toEqual([
      ['1', 2, 7, '0'],
      ['2', 4, 8, '1'],
    ])
  })

  it('takes line ends of several kinds in one file', async () => {
    const train = 'id,location,fault_severity\r\n1,location 7,0\r\nx,location 1,0\n2,location 8,1\n3,location 9,1'
    const { faults, rejects } = await read(writeList(goodFiles(3), { train }))
    expect(faults.map(({ id, line }) => [id, line])).toEqual([
      ['1', 2],
      ['2', 4],
      ['3', 5],
    ])
    expect(rejects.map(({ id, line }) => [id, line])).toEqual([['x', 3]])
  })

  it('passes over rows of other faults', async () => {
    const files = goodFiles(1)
    files.event_type.push('900,event_type 3', '901,whatever')
    const { faults, rejects, unused } = await read(writeList(files))
    expect([faults.length, rejects, unused]).toEqual([1, [], 2])
  })

  const broken: [what: string, change: (files: Files) => unknown, file: string, line: number, id: string, reason: RegExp, left: number][] =
    [
      ['an id that is no number', (f) => f.train.push('abc,location 1,0'), 'train.csv', 5, 'abc', /id "abc" is not a whole number/, 3],
      ['an id with a leading zero', (f) => f.train.push('007,location 1,0'), 'train.csv', 5, '007', /id "007"/, 3],
      ['an empty id', (f) => f.train.push(',location 1,0'), 'train.csv', 5, '', /id ""/, 3],
      [
        'a second row of a fault',
        (f) => f.train.push('2,location 9,1'),
        'train.csv',
        5,
        '2',
        /second row of this fault; the one on line 3 counts/,
        3,
      ],
      ['an unknown severity', (f) => (f.train[1] = '2,location 1,3'), 'train.csv', 3, '2', /unknown fault_severity "3"/, 2],
      ['a missing severity', (f) => (f.train[1] = '2,location 1,'), 'train.csv', 3, '2', /fault_severity is missing/, 2],
      ['a location of another form', (f) => (f.train[1] = '2,somewhere,1'), 'train.csv', 3, '2', /location "somewhere"/, 2],
      ['a row that breaks off', (f) => (f.train[1] = '2,location 1'), 'train.csv', 3, '2', /has 2 columns instead of 3/, 2],
      ['a row with a column too many', (f) => (f.train[1] = '2,location 1,0,0'), 'train.csv', 3, '2', /has 4 columns instead of 3/, 2],
      ['a stray quote, and only that row', (f) => (f.train[1] = '2,"location 1,0'), 'train.csv', 3, '2', /location ""location 1"/, 2],
      ['an unknown event', (f) => (f.event_type[2] = '3,event_type 55'), 'event_type.csv', 4, '3', /unknown event_type "event_type 55"/, 2],
      ['a bad id among the events', (f) => f.event_type.push('-3,event_type 5'), 'event_type.csv', 5, '-3', /id "-3"/, 3],
      ['an unknown resource', (f) => (f.resource_type[0] = '1,resource 8'), 'resource_type.csv', 2, '1', /unknown resource_type/, 2],
      ['two severity types', (f) => f.severity_type.push('1,severity_type 2'), 'severity_type.csv', 5, '1', /second severity_type/, 2],
      ['a negative volume', (f) => (f.log_feature[2] = '3,feature 1,-4'), 'log_feature.csv', 4, '3', /volume "-4"/, 2],
      ['a volume that is no number', (f) => f.log_feature.push('1,feature 9,many'), 'log_feature.csv', 5, '1', /volume "many"/, 2],
      ['no severity type', (f) => f.severity_type.splice(1, 1), 'train.csv', 3, '2', /no row in severity_type.csv/, 2],
      ['no event', (f) => f.event_type.splice(1, 1), 'train.csv', 3, '2', /no row in event_type.csv/, 2],
      ['no resource', (f) => f.resource_type.splice(1, 1), 'train.csv', 3, '2', /no row in resource_type.csv/, 2],
    ]
  it.each(broken)('rejects %s, with file, line and reason, and takes the rest', async (_, change, file, line, id, reason, left) => {
    const files = goodFiles(3)
    change(files)
    const { faults, rejects, read: rows } = await read(writeList(files))
    expect(rejects).toEqual([{ file, line, id, reason: expect.stringMatching(reason) }])
    expect(faults).toHaveLength(left)
    expect(rows).toBe(files.train.length)
  })

  it('lists a fault with several broken rows by each of them, and no more', async () => {
    const files = goodFiles(2)
    files.event_type[0] = '1,event_type 0'
    files.resource_type[0] = '1,resource_type 11'
    const { faults, rejects } = await read(writeList(files))
    expect(rejects.map(({ file, id }) => [file, id])).toEqual([
      ['event_type.csv', '1'],
      ['resource_type.csv', '1'],
    ])
    expect(faults.map(({ id }) => id)).toEqual(['2'])
  })

  it('says which file is missing, which column, and which file is empty', async () => {
    const files = goodFiles(1)
    await expect(read(writeList(files, { log_feature: null }))).rejects.toThrow(/^log_feature\.csv is missing: /)
    await expect(read(writeList(files, { event_type: 'id,type\n1,event_type 1\n' }))).rejects.toThrow(
      'event_type.csv has no column "event_type": its first line is "id,type" and must name id, event_type.',
    )
    await expect(read(writeList(files, { train: '' }))).rejects.toThrow(/^train\.csv is empty: its first line must name/)
    await expect(read(writeList(files, { train: '' }))).rejects.toBeInstanceOf(InputError)
    await expect(read('/nowhere')).rejects.toThrow(/train\.csv is missing/)
  })
})
