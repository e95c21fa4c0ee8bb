import { describe, expect, test } from 'vitest';
import {
  literal,
  mainCfText,
  masterCfText,
  type Service,
  tableText,
} from '../../../../entrypoint/postfix/cf-syntax.ts';

describe('main.cf', () => {
  test('has a head, then each group under its comment', () => {
    const groups = [
      {
        comment: 'Names.',
        parameters: [
          ['myhostname', 'a.example'],
          ['mydestination', ''],
        ] as const,
      },
      {
        comment: 'Two\nlines.',
        parameters: [
          ['mynetworks', ['127.0.0.0/8', '10.0.0.0/8']],
          ['one', ['alone']],
          ['none', []],
        ] as const,
      },
    ];
    expect(mainCfText('Written by a program.\nLeave it.', groups)).toBe(`# Written by a program.
# Leave it.

# Names.
myhostname = a.example
mydestination =

# Two
# lines.
mynetworks =
    127.0.0.0/8
    10.0.0.0/8
one = alone
none =
`);
  });

  test('leaves out a group without parameters', () => {
    expect(mainCfText('Head.', [{ comment: 'Empty.', parameters: [] }])).toBe('# Head.\n');
  });

  test.each([
    ['/certs/ca.pem', '/certs/ca.pem'],
    ['/a$b', '/a$$b'],
    ['$$', '$$$$'],
    ['$(x)$y', '$$(x)$$y'],
  ])('holds %s as %s, so that it means just itself', (text, written) => {
    expect(literal(text)).toBe(written);
  });
});

describe('master.cf', () => {
  const service: Service = {
    name: 'smtp',
    type: 'unix',
    private: true,
    unprivileged: false,
    command: 'smtp',
  };

  test('has a line for each service', () => {
    const services = [
      service,
      { ...service, name: '25', type: 'inet', private: false, unprivileged: true } as const,
      { ...service, wakeup: '1000?', processes: '0' },
    ];
    expect(masterCfText('Head.', services)).toBe(`# Head.
smtp            unix       y n n -     -   smtp
25              inet       n y n -     -   smtp
smtp            unix       y n n 1000? 0   smtp
`);
  });

  test('has the overrides of a service below its line, in braces, so that blanks may stand there', () => {
    const options = [
      ['syslog_name', 'postfix/a'],
      ['smtp_sasl_mechanism_filter', 'plain, login'],
    ] as const;
    expect(masterCfText('Head.', [{ ...service, options }])).toBe(`# Head.
smtp            unix       y n n -     -   smtp
    -o { syslog_name = postfix/a }
    -o { smtp_sasl_mechanism_filter = plain, login }
`);
  });
});

describe('a table', () => {
  test('has a line for each entry, the value as it is', () => {
    const rows = [
      ['[mail.isp.example]:587', 'hoge:pi yo # "$x" \\ {}'],
      ['@b.example', '  leading blanks'],
    ] as const;
    expect(tableText('Head.', rows)).toBe(
      '# Head.\n[mail.isp.example]:587\thoge:pi yo # "$x" \\ {}\n@b.example\t  leading blanks\n',
    );
  });

  test.each([
    ['', 'a'],
    ['a b', 'c'],
    ['a\tb', 'c'],
    ['a\nb', 'c'],
    ['#a', 'c'],
    ['"a"', 'c'],
    ['a', ''],
    ['a', 'b '],
    ['a', 'b\t'],
    ['a', 'b\nc'],
    ['a', 'b\rc'],
    ['a', 'b\0c'],
  ])('refuses %j with %j, which its format cannot hold', (key, value) => {
    expect(() => tableText('Head.', [[key, value]])).toThrow(
      'a table entry that its file format cannot hold reached rendering',
    );
  });

  test('shows nothing of a refused entry, for it may be a secret', () => {
    expect(() => tableText('Head.', [['a', 'piyopiyo\n']])).not.toThrow(/piyo/);
  });
});
