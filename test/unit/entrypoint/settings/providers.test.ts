import { describe, expect, test } from 'vitest';
import { findPreset, presetNames } from '../../../../entrypoint/settings/providers.ts';
import { settingsBy } from '../support/judge.ts';

const routeBy = (text: string) => settingsBy(text).route;

describe('a provider by name', () => {
  test.each(['gmail', 'Gmail', 'GMAIL', 'Google Mail'])('%s is found', (name) => {
    expect(findPreset(name)).toMatchObject({ name: 'gmail', host: 'smtp.gmail.com' });
  });

  test.each(['yahoojapan', 'Yahoo Japan', 'yahoo-japan'])('%s is found', (name) => {
    expect(findPreset(name)).toMatchObject({ host: 'smtp.mail.yahoo.co.jp', port: 465 });
  });

  test.each(['', 'gmial', 'constructor', undefined])('%s is not found', (name) => {
    expect(findPreset(name)).toBeUndefined();
  });

  test.each(presetNames)('%s has a server that takes logins over TLS', (name) => {
    const preset = findPreset(name);
    expect(preset?.name).toBe(name);
    expect(preset?.host).toMatch(/^[a-z0-9.-]+$/);
    expect(preset?.port).toBeGreaterThan(25);
  });

  test('gives host, port and limits', () => {
    const settings = settingsBy('relay: {provider: outlook365, username: a, password: b}');
    expect(settings.route).toMatchObject({ host: 'smtp.office365.com', port: 587, connections: 3 });
    expect(settings.messageSize).toBe(25 * 1024 * 1024);
  });

  test('gives way to what is said otherwise', () => {
    expect(routeBy('relay: {provider: gmail, port: 587, connections: 9}')).toMatchObject({
      host: 'smtp.gmail.com',
      port: 587,
      connections: 9,
    });
  });
});
