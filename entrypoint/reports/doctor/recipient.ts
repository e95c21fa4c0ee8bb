import type { ProbeContext } from '../../probe/context.ts';
import { mailHostsOf } from '../../probe/dns.ts';
import { type GetText, isOfPolicy, type Sts, stsOf } from '../../probe/receivers/sts.ts';
import type { ProbeResult } from '../../probe/result.ts';
import { mailHostOf, mailServerOf } from '../../probe/servers.ts';
import { probe } from '../../probe/walk.ts';
import { setting, words } from '../../settings/naming/sentence.ts';
import type { Route } from '../../settings/settings.ts';
import { aboutServer } from '../about.ts';
import { type Finding, note, ok, wrong, wrongHere } from './diagnosis.ts';
import { directFinding } from './direct.ts';

/** Maximum number of MX hosts to probe for a domain; more would show the same. */
const MOST_HOSTS = 3;

/** The way straight to a recipient's domain: its MX hosts, and what vouches for them. */
export async function recipientFindings(
  domain: string,
  route: Route,
  context: ProbeContext,
  getText: GetText,
): Promise<readonly Finding[]> {
  const direct = mailServerOf(domain, { tls: 'opportunistic' });
  const [reached, mailHosts, sts] = await Promise.all([
    probe(direct, [], context),
    mailHostsOf(domain, context.names.resolver),
    stsOf(domain, context.names.resolver, getText),
  ]);
  const hosts = 'found' in mailHosts ? mailHosts.found.slice(0, MOST_HOSTS) : [];
  const found = await Promise.all(hosts.map((host) => hostFindings(host, { route, context, sts })));
  return [directFinding(reached), ...policyFindings(domain, sts, hosts), ...found.flat()];
}

interface Given {
  readonly route: Route;
  readonly context: ProbeContext;
  readonly sts: Sts;
}

async function hostFindings(
  host: string,
  { route, context, sts }: Given,
): Promise<readonly Finding[]> {
  const at = (tls: 'verify' | 'dane') => probe(mailHostOf(host, tls, route), [], context);
  const [dane, verify] = await Promise.all([at('dane'), at('verify')]);
  const isEnforced = sts.kind === 'policy' && sts.mode === 'enforce';
  return [...daneFindings(dane), ...certificateFindings(verify, isEnforced)];
}

/** Without a record, Postfix sends at this level as usual. */
function daneFindings({ server, facts }: ProbeResult): readonly Finding[] {
  return facts.flatMap((fact): readonly Finding[] => {
    if (fact.kind === 'encrypted') {
      return [ok('dane', server.label, words`its TLSA record vouches for its certificate (DANE)`)];
    }
    if (fact.kind !== 'trouble' || fact.trouble.kind !== 'tlsa') return [];
    if (fact.trouble.fault === 'none' || fact.trouble.fault === 'unsigned') {
      return [note('no-dane', server.label, words`has no signed TLSA record (DANE)`)];
    }
    return [wrong(server.label, fact.trouble, aboutServer(server))];
  });
}

/** Mail goes to a host with any certificate, unless the domain's policy or ours wants a good one. */
function certificateFindings(
  { server, facts }: ProbeResult,
  isEnforced: boolean,
): readonly Finding[] {
  return facts.flatMap((fact): readonly Finding[] => {
    if (fact.kind === 'encrypted') {
      const { names } = fact.certificate;
      return [
        ok('certificate', server.label, words`its certificate is valid for ${names.join(', ')}`),
      ];
    }
    if (fact.kind !== 'trouble') return [];
    const { trouble } = fact;
    if (trouble.kind !== 'certificate' && trouble.kind !== 'no-tls') return [];
    if (isEnforced) return [wrong(server.label, trouble, aboutServer(server))];
    return [
      note(
        `unverified-${trouble.kind}`,
        server.label,
        words`its encryption would not pass ${setting('relay.tls', 'verify')}: mail goes there all the same`,
      ),
    ];
  });
}

function policyFindings(domain: string, sts: Sts, hosts: readonly string[]): readonly Finding[] {
  const subject = `domain ${domain}`;
  switch (sts.kind) {
    case 'none':
      return [note('no-sts', subject, words`has no policy for those who send to it (MTA-STS)`)];
    case 'no-answer':
      return [
        wrongHere(subject, { kind: 'resolver', name: `_mta-sts.${domain}`, answered: false }),
      ];
    case 'unusable':
      return [wrongHere(subject, { kind: 'sts', domain, fault: 'unusable', detail: sts.detail })];
    case 'policy':
      return [
        ok('sts', subject, words`its policy (MTA-STS, ${sts.mode}) names ${sts.hosts.join(', ')}`),
        ...hosts
          .filter((host) => sts.mode !== 'none' && !isOfPolicy(host, sts.hosts))
          .map((host) =>
            wrongHere(subject, { kind: 'sts', domain, fault: 'other-host', detail: host }),
          ),
      ];
  }
}
