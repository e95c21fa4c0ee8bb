import { setting as ref, words } from '../../settings/naming/sentence.ts';
import type { About, Advice, Table } from '../entry.ts';
import type { Of, ReceiverTrouble } from '../trouble.ts';

const PROVIDER = words`or send through a provider (${ref('relay.host')})`;

/** Reasons of receivers to refuse direct mail from here. */
export const RECEIVERS: Table<ReceiverTrouble['kind']> = {
  'no-ptr': ({ address }) => ({
    cause: words`the address ${address} has no name in the DNS (PTR record): many servers refuse its mail`,
    remedy: address.includes(':')
      ? words`have the provider of the connection set one, or send by IPv4 only: ${ref('postfix.inet_protocols', 'ipv4')}; ${PROVIDER}`
      : words`have the provider of the connection set one, to the name in ${ref('myhostname')}; ${PROVIDER}`,
  }),
  'ptr-mismatch': ({ address, name, addresses }) => ({
    cause: words`the address ${address} has the name ${name} (PTR record), and that name leads to ${addresses.join(', ') || 'no address'}`,
    remedy: words`make the name lead to the address (A or AAAA record), or have the provider of the connection set the PTR record to the name in ${ref('myhostname')}`,
  }),
  'helo-elsewhere': ({ name, addresses }) => ({
    cause: words`this relay introduces itself as ${name}, which leads to ${addresses.join(', ') || 'no address'} in the DNS and not to this relay`,
    remedy: words`set ${ref('myhostname')} to a name whose A or AAAA record is the outside address of this relay`,
  }),
  spf: spfAdvice,
  dkim: ({ name, fault }) => ({
    cause: {
      missing: words`the DNS has no DKIM record at ${name}: signatures cannot be checked`,
      several: words`the DNS has several DKIM records at ${name}`,
      'another key': words`the DNS has another DKIM key at ${name} than the relay signs with`,
      revoked: words`the DKIM record at ${name} has an empty key, which revokes it`,
      unusable: words`the DKIM record at ${name} has a tag that forbids its use`,
    }[fault],
    remedy: words`publish the record that "hikyaku dkim" prints`,
  }),
  dmarc: ({ domain, fault, policy }) => ({
    cause: {
      several: words`${domain} has several DMARC records, so receivers pass over all of them`,
      invalid: words`the DMARC record of ${domain} has no valid policy (p=)`,
      unvouched: words`${domain} asks receivers for "${policy ?? ''}" (DMARC), and neither SPF nor a DKIM signature vouches for mail from here`,
    }[fault],
    remedy:
      fault === 'unvouched'
        ? words`sign its mail (${ref('dkim.domain', domain)}), or add this relay's address to its SPF record; ${PROVIDER}`
        : words`leave one TXT record at _dmarc.${domain}, such as "v=DMARC1; p=none"`,
  }),
  listed: ({ address, list, reason }) => ({
    cause: words`the address ${address} is on the block list ${list}${reason === undefined ? '' : `: ${reason}`}`,
    remedy: words`ask the list to remove it, once whatever sent spam from it has stopped; addresses of home connections stay listed: send through a provider (${ref('relay.host')})`,
  }),
  sts: ({ domain, fault, detail }) => ({
    cause: {
      unusable: words`${domain} announces a policy (MTA-STS) that cannot be read${detail === undefined ? '' : `: ${detail}`}`,
      'other-host': words`${detail ?? 'an MX host'} takes mail of ${domain} and is not in its policy (MTA-STS)`,
    }[fault],
    remedy: words`the owner of ${domain} has to mend it; Postfix itself does not go by it`,
  }),
};

function spfAdvice({ domain, address, fault, term }: Of<'spf'>, _: About): Advice {
  const entry =
    address === undefined ? '' : address.includes(':') ? `ip6:${address}` : `ip4:${address}`;
  const add = words`add "${entry}" to the TXT record of ${domain} that begins with "v=spf1"; ${PROVIDER}`;
  switch (fault) {
    case 'none':
      return {
        cause: words`${domain} has no SPF record: receivers cannot tell that this relay may send its mail`,
        remedy: words`give ${domain} a TXT record, such as "v=spf1 ${entry} -all"`,
      };
    case 'fail':
    case 'softfail':
      return {
        cause: words`the SPF record of ${domain} does not allow ${address ?? 'this address'} to send its mail (${fault})`,
        remedy: add,
      };
    case 'several':
      return {
        cause: words`${domain} has several SPF records, so receivers ignore all of them`,
        remedy: words`join them into one TXT record`,
      };
    case 'invalid':
      return {
        cause: words`the SPF record of ${domain} cannot be used, because of "${term ?? ''}"`,
        remedy: words`correct that term: mechanisms are all, include, a, mx, ip4, ip6 and exists`,
      };
    case 'too-many-lookups':
      return {
        cause: words`the SPF record of ${domain} needs more than 10 DNS queries, so receivers give up`,
        remedy: words`remove includes that are not needed, or put addresses (ip4:, ip6:) in their place`,
      };
  }
}
