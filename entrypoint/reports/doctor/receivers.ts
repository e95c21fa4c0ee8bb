import type { Look } from '../../probe/receivers/receivers.ts';
import { setting, words } from '../../settings/naming/sentence.ts';
import type { InDns } from '../dkim-report.ts';
import { type Finding, note, ok, wrongHere } from './diagnosis.ts';

/** How receivers judge direct mail from here. */
export const receiverFindings = (looks: readonly Look[]): readonly Finding[] =>
  looks.map(lookFinding);

function lookFinding(look: Look): Finding {
  switch (look.kind) {
    case 'trouble':
      return wrongHere(look.subject, look.trouble);
    case 'ptr':
      return ok(look.kind, `address ${look.address}`, words`its name is ${look.name} (PTR record)`);
    case 'helo-name':
      return ok(look.kind, `name ${look.name}`, words`leads to this relay`);
    case 'spf-pass':
      return ok(look.kind, `domain ${look.domain}`, words`SPF allows ${look.address}`);
    case 'spf-neutral':
      return note(
        look.kind,
        `domain ${look.domain}`,
        words`SPF says neither yes nor no to ${look.address}`,
      );
    case 'unsigned':
      return note(
        look.kind,
        `domain ${look.domain}`,
        words`its mail is not signed (${setting('dkim.domain', look.domain)} signs it)`,
      );
    case 'no-dmarc':
      return note(
        look.kind,
        `domain ${look.domain}`,
        words`has no DMARC record, which some receivers want: a TXT record at _dmarc.${look.domain}, such as "v=DMARC1; p=none"`,
      );
    case 'dmarc-policy':
      return ok(
        look.kind,
        `domain ${look.domain}`,
        words`DMARC policy ${look.policy}, and mail from here complies`,
      );
    case 'unlisted':
      return ok(look.kind, `address ${look.address}`, words`is not on ${look.list}`);
    case 'list-silent':
      return note(
        look.kind,
        `address ${look.address}`,
        words`${look.list} does not answer this DNS server (the big lists answer no public ones)`,
      );
  }
}

/** The checks that are impossible without it. */
export const outsideUnknown: Finding = note(
  'outside-unknown',
  'outside address',
  words`is not known, so PTR, SPF and block lists were not checked: give it as ${setting('proxy_interfaces')}`,
);

/** A key that mail is signed with, and what the DNS has of it. */
export interface PublishedKey {
  readonly domain: string;
  /** `hikyaku._domainkey.example.com` */
  readonly name: string;
  readonly inDns: InDns;
}

export function dkimFinding({ domain, name, inDns }: PublishedKey): Finding {
  const subject = `domain ${domain}`;
  switch (inDns.kind) {
    case 'there':
      return ok('dkim-record', subject, words`the DNS has the key of its signatures at ${name}`);
    case 'no answer':
      return wrongHere(subject, { kind: 'resolver', name, answered: false });
    default:
      return wrongHere(subject, { kind: 'dkim', domain, name, fault: inDns.kind });
  }
}
