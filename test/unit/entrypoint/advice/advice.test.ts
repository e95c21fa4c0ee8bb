import { describe, expect, it } from 'vitest';
import { type About, type Advice, advise } from '../../../../entrypoint/advice/advice.ts';
import type { Kind, Of, Trouble } from '../../../../entrypoint/advice/trouble.ts';
import { settingOf } from '../../../../entrypoint/probe/servers.ts';
import { sayIn, variableNames } from '../../../../entrypoint/settings/naming/sentence.ts';
import { SAMPLES } from './samples.ts';

const RELAY: About = { setting: settingOf('relay') };

const say = sayIn(variableNames);

const lines = ({ cause, remedy }: Advice): string => `  ${say(cause)}\n  -> ${say(remedy)}\n`;

const shown = (kind: string, samples: readonly Trouble[]): string =>
  samples.map((trouble) => `${kind}\n${lines(advise(trouble, RELAY))}`).join('');

// The one place where the sentences themselves are compared: everything else asks for kinds and settings.
it('every kind of trouble has its cause and remedy', async () => {
  const text = Object.entries(SAMPLES)
    .map(([kind, samples]) => shown(kind, samples))
    .join('\n');
  await expect(text).toMatchFileSnapshot('advice.txt');
});

describe('the remedy', () => {
  const remedy = <K extends Kind>(trouble: Of<K>, about: Partial<About> = {}): string =>
    say(advise(trouble as Trouble, { ...RELAY, ...about }).remedy);

  const WRONG_PASSWORD: Of<'password'> = { kind: 'password' };

  it('names the variable of the relay host', () => {
    expect(remedy(WRONG_PASSWORD)).toContain('RELAY_PASSWORD');
  });

  it('names the key of an account, and the row of one in a database', () => {
    expect(remedy(WRONG_PASSWORD, { setting: settingOf('accounts.1') })).toContain(
      'accounts[1].password',
    );
    expect(remedy(WRONG_PASSWORD, { setting: settingOf('row:a@b.example') })).toContain(
      '"password" in the row of a@b.example',
    );
  });

  it('names the setting of the relay host where a backup host has none of its own', () => {
    const about = { setting: settingOf('relay.backups.0') };
    expect(remedy({ kind: 'mechanisms' }, about)).toContain('RELAY_MECHANISMS');
  });

  it('proposes the real address of the account for the sender that was refused', () => {
    const trouble: Of<'sender'> = { kind: 'sender', sender: 'root@nas.home' };
    expect(remedy(trouble, { ownAddress: 'me@isp.example' })).toContain(
      'RELAY_GENERIC=@nas.home=me@isp.example',
    );
  });

  it('proposes send_as for a backup that refused a sender under the key of that backup', () => {
    const trouble: Of<'sender'> = { kind: 'sender', sender: 'root@nas.home' };
    const about = { setting: settingOf('relay.backups.0'), ownAddress: 'me@second.example' };
    expect(remedy(trouble, about)).toContain('relay.backups[0].send_as');
  });

  it('never rewrites the whole domain of the provider to one account', () => {
    const trouble: Of<'sender'> = { kind: 'sender', sender: 'you@isp.example' };
    expect(remedy(trouble, { ownAddress: 'me@isp.example' })).toContain(
      'RELAY_GENERIC=you@isp.example=me@isp.example',
    );
  });

  it.each<[Trouble, boolean | undefined, RegExp]>([
    [
      { kind: 'rate', reply: { code: 550, text: '550 5.4.5 Daily user sending limit exceeded' } },
      undefined,
      /send it again/,
    ],
    [{ kind: 'rate', reply: { code: 450, text: '450 slow down' } }, undefined, /by itself/],
    [{ kind: 'rate', reply: { code: 450, text: '450 slow down' } }, true, /send it again/],
    [{ kind: 'greylisting' }, undefined, /by itself/],
  ])('waits for Postfix only while it tries: %j returned %s', (trouble, isReturned, expected) => {
    expect(
      say(advise(trouble, isReturned === undefined ? RELAY : { ...RELAY, isReturned }).remedy),
    ).toMatch(expected);
  });
});
