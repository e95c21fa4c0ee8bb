import { describe, expect, test } from 'vitest';
import {
  address,
  addressOrDomain,
  addressPattern,
  recipients,
  userName,
} from '../../../../entrypoint/settings/validators/address.ts';
import { HIDDEN, REFUSED, reading } from '../support/validate.ts';

const ADDRESSES = [
  'user@example.com',
  'hisaccount+local@hisisp.example',
  "o'neil.b-c_d@sub.example.com",
  'a=b@example.com',
  'ユーザー@example.com',
  'root@localhost',
  '1@2.example',
  `${'a'.repeat(64)}@example.com`,
];
const DOMAINS = ['@example.com', '@localdomain.local'];
/** What machines without a name in the DNS write behind their "@". */
const MADE_UP = [
  'user@exam_ple.com',
  'user@192.168.1.1',
  'cam@[192.168.1.64]',
  'cam@[IPv6:fd00::64]',
  '@my_nas.lan',
  '@_gateway',
  'root@123456789012',
  '@[192.168.1.64]',
];
const USERS = ['root', 'your-login-name', 'first.last'];
const NONSENSE = [
  'user@',
  '@',
  'a@b@c.example',
  'user@exam_ple.com',
  'user@.example.com',
  'user@192.168.1.1',
  '.user@example.com',
  'us..er@example.com',
  'us er@example.com',
  '"us er"@example.com',
  'User <user@example.com>',
  'user@example.com,other@example.com',
  '#user@example.com',
  '/user@example/',
  `${'a'.repeat(65)}@example.com`,
];

describe('an address', () => {
  test.each(ADDRESSES)('%j is taken', (text) => {
    expect(reading(address(), text)).toBe(text);
  });

  test.each([...DOMAINS, ...USERS, ...NONSENSE])('%j is refused', (text) => {
    expect(reading(address(), text)).toEqual(REFUSED);
  });
});

test.each(['mailto:user@example.com', 'user:piyopiyo@example.com'])(
  '%j is refused without being shown, for it may hold a password',
  (text) => {
    expect(reading(address(), text)).toEqual(HIDDEN);
  },
);

describe('an address or a domain', () => {
  test.each([...ADDRESSES, ...DOMAINS])('%j is taken', (text) => {
    expect(reading(addressOrDomain(), text)).toBe(text);
  });

  test.each([...USERS, ...NONSENSE, 'example.com'])('%j is refused', (text) => {
    expect(reading(addressOrDomain(), text)).toEqual(REFUSED);
  });
});

describe('the left side of an address table', () => {
  test.each([...ADDRESSES, ...DOMAINS, ...USERS])('%j is taken', (text) => {
    expect(reading(addressPattern(), text)).toBe(text);
  });

  test.each(MADE_UP)('%j is taken, for machines write such senders', (text) => {
    expect(reading(addressPattern(), text)).toBe(text);
    expect(reading(addressOrDomain(), text)).toHaveProperty('refused');
  });

  test.each(NONSENSE.filter((text) => !MADE_UP.includes(text)))('%j is refused', (text) => {
    expect(reading(addressPattern(), text)).toEqual(REFUSED);
  });
});

describe('a user name', () => {
  test.each(USERS)('%j is taken', (text) => {
    expect(reading(userName(), text)).toBe(text);
  });

  test.each([...ADDRESSES, ...DOMAINS, ...NONSENSE])('%j is refused', (text) => {
    expect(reading(userName(), text)).toEqual(REFUSED);
  });
});

describe('where mail for a recipient goes', () => {
  test.each([
    ['admin@example.com', ['admin@example.com']],
    ['root', ['root']],
    ['a@example.com, b@example.com', ['a@example.com', 'b@example.com']],
    ['a@example.com, b', ['a@example.com', 'b']],
  ])('%j is %j', (text, value) => {
    expect(reading(recipients(), text)).toEqual(value);
  });

  test.each([
    'a@example.com, b@',
    'd@e.example extra field',
    ',',
    '|/bin/sh',
    '/var/mail/x',
    ':include:/etc/list',
  ])('%j is refused', (text) => {
    expect(reading(recipients(), text)).toEqual(REFUSED);
  });
});

test.each([address(), addressOrDomain(), addressPattern(), recipients()])(
  'an address that is missing, as behind a forgotten "=", is refused',
  (validator) => {
    expect(reading<unknown>(validator, '')).toEqual(REFUSED);
  },
);
