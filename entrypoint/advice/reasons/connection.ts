import type { Rule } from './rule.ts';

/** Told by servers, and by Postfix itself. */
export const LOOP: Rule = {
  trouble: 'loop',
  pattern:
    /loops? back to myself|message is looping|forwarding loop|too many hops|hop count|mail loop|my own hostname/i,
  cause: 'the mail would come back to this relay',
  remedy: () =>
    'give the outside address of the NAT as RELAY_PROXY_INTERFACES, and check RELAY_MYHOSTNAME ' +
    'and RELAY_HOST: neither may be the other',
};

/** Why no connection came about, or why it broke. */
export const CONNECTION: readonly Rule[] = [
  {
    trouble: 'port 25',
    pattern: /connect to .*\]:25: (Connection|Operation) timed out/i,
    cause: 'port 25 does not answer: most providers of home connections block it outwards',
    remedy: (of) =>
      `send through your provider's submission server: ${of('host')} with ${of('port')}=587 and a ` +
      'login; or have port 25 opened',
  },
  {
    trouble: 'no answer',
    pattern: /connect to .*timed out/i,
    cause: 'the server does not answer: it is away, or a firewall swallows the connection',
    remedy: (of) => `check ${of('host')} and ${of('port')}, and firewalls between here and there`,
  },
  {
    trouble: 'connection refused',
    pattern: /Connection refused/i,
    cause: 'nothing listens on that port of the server',
    remedy: (of) => `check ${of('host')} and ${of('port')} (587 or 465 at most providers)`,
  },
  {
    trouble: 'no network',
    pattern: /connect to .*(Permission denied|Operation not permitted)/i,
    cause: 'a firewall of this machine or of its container engine forbids the connection',
    remedy: (of) => `let this container out to ${of('host')}, ${of('port')}`,
  },
  {
    trouble: 'no network',
    pattern:
      /Network is unreachable|No route to host|Address family not supported|Cannot assign requested address/i,
    cause: 'this container has no way to that address: no network, or no IPv6',
    remedy: () =>
      "check the container's network and the host's connection; without IPv6: " +
      'POSTFIX_inet_protocols=ipv4',
  },
  {
    trouble: 'resolver',
    pattern:
      /Host not found, try again|Temporary failure in name resolution|Name service error.*(SERVFAIL|timed out|unexpected name server reply)/i,
    cause: 'the DNS server that this container asks does not answer, or gives an error',
    remedy: () =>
      "check the host's connection and DNS, and the container's (dns: in compose.yaml); if other names " +
      'are found, the DNS of that domain is out of order, and Postfix tries again by itself',
  },
  {
    trouble: 'no address',
    pattern: /Host found but no data record|No address associated/i,
    cause: 'that name exists, but it has no address that this relay can use',
    remedy: (of) =>
      `check ${of('host')}: a provider's server has a name like smtp.provider.example, not that of the ` +
      'domain alone; one with an IPv6 address only needs a container with IPv6',
  },
  {
    trouble: 'name',
    pattern:
      /Host or domain name not found|Name or service not known|Host not found|unable to look up host|no (MX|SRV) host for/i,
    cause: 'there is no host of that name in the DNS',
    remedy: (of) =>
      `check the spelling of ${of('host')}, or the recipient's domain; the name of a container is there ` +
      'while it runs, on a network that this one is on too',
  },
  {
    trouble: 'greeting',
    pattern: /(timed out|lost connection with .*) while receiving the initial server greeting/i,
    cause: 'the server takes the connection and says nothing',
    remedy: (of) =>
      `a port with TLS from the first byte is 465: check ${of('port')}; else the server is overloaded`,
  },
  {
    trouble: 'slow',
    pattern: /conversation with .* timed out/i,
    cause: 'the server stopped answering in the middle of the conversation',
    remedy: () =>
      'nothing at once: Postfix tries again by itself; if it lasts and small mail does get through, ' +
      'the way to the server drops large packets (MTU of a VPN or of a PPPoE connection)',
  },
  {
    trouble: 'connection lost',
    pattern: /lost connection with|connect to .*Connection reset/i,
    cause: 'the connection broke in the middle of the conversation',
    remedy: () =>
      'nothing at once: Postfix tries again by itself; if it lasts, "hikyaku doctor" says at which ' +
      'step it broke, and what to do',
  },
];
