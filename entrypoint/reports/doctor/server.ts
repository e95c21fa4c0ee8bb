import type { About } from '../../advice/advice.ts';
import type { Fact, ProbeResult } from '../../probe/result.ts';
import type { Server } from '../../probe/servers.ts';
import { shownName } from '../../settings/hiding/mask.ts';
import { type Sentence, words } from '../../settings/naming/sentence.ts';
import type { Settings } from '../../settings/settings.ts';
import { aboutServer } from '../about.ts';
import { type Finding, note, ok, wrong } from './diagnosis.ts';

/** The findings of a probe of a server, in words. */
export function serverFindings(
  { server, facts }: ProbeResult,
  { messageSize }: Pick<Settings, 'messageSize'>,
): readonly Finding[] {
  const about = aboutServer(server);
  return facts.flatMap((fact): readonly Finding[] => {
    switch (fact.kind) {
      case 'trouble':
        return [wrong(server.label, fact.trouble, about)];
      case 'seen-as':
        return [];
      case 'size-limit': {
        const { bytes: theirs } = fact;
        if (theirs >= messageSize) return [];
        return [wrong(server.label, { kind: 'size-limit', theirs, ours: messageSize }, about)];
      }
      default: {
        const [state, sentence] = fineWords(fact, server, about);
        return [(state === 'ok' ? ok : note)(fact.kind, server.label, sentence)];
      }
    }
  });
}

type FineFact = Exclude<Fact, { readonly kind: 'trouble' | 'size-limit' | 'seen-as' }>;

function fineWords(
  fact: FineFact,
  { tls, login, mechanisms: allowed }: Server,
  { setting }: About,
): readonly ['ok' | 'note', Sentence] {
  switch (fact.kind) {
    case 'connected':
      return ['ok', words`connected to ${fact.host} at ${fact.address}`];
    case 'encrypted':
      return ['ok', words`${fact.protocol}, ${vouchedWords(fact, setting('tls', tls))}`];
    case 'in-clear':
      return fact.wanted
        ? ['note', words`the server offers no encryption: mail goes in clear`]
        : ['note', words`nothing is encrypted (${setting('tls', tls)})`];
    case 'same-name':
      return ['note', words`the server calls itself ${fact.name}, as this relay does`];
    case 'mechanisms': {
      const limit =
        allowed.length === 0
          ? words`${setting('mechanisms')} is not set`
          : words`${setting('mechanisms')} allows ${allowed.join(', ')}`;
      const [chosen] = fact.usable;
      return [
        'ok',
        words`the server offers ${fact.offered.join(', ')}; ${limit}; Postfix uses ${chosen ?? ''}`,
      ];
    }
    case 'logged-in': {
      const name = login === undefined ? '' : shownName(login);
      return ['ok', words`login as ${name} by ${fact.mechanism}: accepted`];
    }
    case 'login-untried':
      return ['note', words`the login was not tried: Postfix will use ${fact.mechanism}`];
    case 'sender-taken':
      return fact.waited
        ? ['ok', words`sender ${fact.sender}: accepted`]
        : [
            'note',
            words`sender ${fact.sender}: accepted; the server is slow to answer at the recipient, and was not waited for`,
          ];
  }
}

function vouchedWords(
  { vouched, certificate }: Extract<Fact, { readonly kind: 'encrypted' }>,
  level: ReturnType<About['setting']>,
): Sentence {
  const { names, until } = certificate;
  switch (vouched) {
    case 'ca':
      return words`certificate for ${names.join(', ')}, valid until ${until.toISOString().slice(0, 10)}`;
    case 'tlsa':
      return words`the certificate is the one in the DNS (DANE)`;
    case 'none':
      return words`the certificate is not checked (${level})`;
  }
}
