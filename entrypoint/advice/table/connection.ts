import { setting as ref, type Sentence, words } from '../../settings/naming/sentence.ts';
import type { About, Table } from '../entry.ts';
import type { ConnectionTrouble, Step } from '../trouble.ts';
import { again } from './again.ts';

const at = (host: string | undefined, port: number | undefined): string =>
  `port ${port ?? ''}${host === undefined ? '' : ` of ${host}`}`.replace('port  of', 'the port of');

const detailWords = (detail: string | undefined): string =>
  detail === undefined ? '' : ` (${detail})`;

const INET_PROTOCOLS = ref('postfix.inet_protocols');

const after = (step: Step): string =>
  step === 'connect' || step === 'greeting' ? 'before its greeting' : `after ${step}`;

/** The probable cause when a server stops answering or closes the connection. */
function atStep(step: Step, { setting }: About): Sentence {
  switch (step) {
    case 'connect':
    case 'greeting':
      return words`check ${setting('host')} and ${setting('port')}; if they are right, the server turns the address of this connection away without a word: ask the provider`;
    case 'EHLO':
      return words`the server may not like the name ${ref('myhostname')}; or a firewall or virus scanner on the way meddles with the conversation: try port 465 (${setting('port')}); or the server is out of order: try again in a while`;
    case 'STARTTLS':
      return words`try port 465 (${setting('port')}): a firewall or virus scanner on the way may not let STARTTLS through`;
    case 'AUTH':
      return words`check ${setting('username')} and ${setting('password')}, and try again in an hour: some providers shut out an address in this way after wrong passwords; else their login service is down`;
    case 'MAIL':
    case 'RCPT':
      return words`try again in a while; if it lasts, ask the provider about this sender`;
    case 'RSET':
    case 'DATA':
    case 'end of DATA':
      return words`try again in a while; if it lasts, ask the provider`;
  }
}

/** Why no connection came about, or why it broke. */
export const CONNECTION: Table<ConnectionTrouble['kind']> = {
  'port-25': ({ host }, { setting }) => ({
    cause: words`${at(host, 25)} does not answer: most providers of home connections block it outwards`,
    remedy: words`send through your provider's submission server: ${setting('host')} with ${setting('port', '587')} and a login; or have port 25 opened`,
  }),
  'no-answer': ({ host, port }, { setting }) => ({
    cause:
      host === undefined
        ? words`the server does not answer: it is away, or a firewall swallows the connection`
        : words`${at(host, port)} does not answer: the server is away, or a firewall swallows the connection`,
    remedy: words`check ${setting('host')} and ${setting('port')}, and firewalls between here and there`,
  }),
  'connection-refused': ({ host, port }, { setting }) => ({
    cause:
      host === undefined
        ? words`nothing listens on that port of the server`
        : words`nothing listens on ${at(host, port)} (connection refused)`,
    remedy: words`check ${setting('host')} and ${setting('port')} (587 or 465 at most providers)`,
  }),
  'connection-reset': ({ host, port }, { setting }) => ({
    cause: words`the connection to ${at(host, port)} is cut off at once`,
    remedy: words`check ${setting('host')} and ${setting('port')}, and firewalls between here and there`,
  }),
  'no-network': ({ host }) => ({
    cause: words`this container has no route to ${host ?? 'that address'} (network unreachable)`,
    remedy: words`check the container's network and the host's connection; without IPv6: ${ref('postfix.inet_protocols', 'ipv4')}`,
  }),
  'no-ipv6': ({ host }, { setting }) => ({
    cause: words`${host ?? 'the server'} has IPv6 addresses only, and this container has no route to them`,
    remedy: words`give the container's network IPv6 (enable_ipv6 in compose.yaml), or ask the provider for a server with an IPv4 address (${setting('host')})`,
  }),
  firewall: (_, { setting }) => ({
    cause: words`a firewall of this machine or of its container engine forbids the connection`,
    remedy: words`let this container out to ${setting('host')}, ${setting('port')}, in the firewall of the host or of the container engine`,
  }),
  'no-connection': ({ host, port, detail }, { setting }) => ({
    cause: words`no connection to ${at(host, port)}${detailWords(detail)}`,
    remedy: words`check ${setting('host')} and ${setting('port')}`,
  }),
  resolver: ({ name, answered }) => ({
    cause:
      answered === undefined
        ? words`the DNS server that this container asks does not answer, or gives an error`
        : answered
          ? words`the DNS server that this container asks gives an error for ${name ?? 'that name'} (SERVFAIL, REFUSED)`
          : words`the DNS server that this container asks does not answer`,
    remedy: words`check the host's connection and DNS, and the container's (dns: in compose.yaml); if other names are found, the DNS of that domain is out of order, and Postfix tries again by itself`,
  }),
  name: ({ name, isRecipient }, { setting }) => ({
    cause: words`there is no host of ${name === undefined ? 'that name in the DNS' : `the name ${name}`}`,
    remedy:
      isRecipient === true
        ? words`check the spelling of the recipient's domain; if it is right, the DNS server that this container asks does not know the Internet (dns: in compose.yaml)`
        : words`check the spelling of ${setting('host')}, or the recipient's domain; the name of a container is known while it runs, on a network that this one is on too`,
  }),
  'no-address': (_, { setting }) => ({
    cause: words`that name exists, but it has no address that this relay can use`,
    remedy: words`check ${setting('host')}: a provider's server has a name like smtp.provider.example, not only the domain; a server with only an IPv6 address needs a container with IPv6`,
  }),
  'takes-no-mail': ({ name }) => ({
    cause: words`the domain ${name} takes no mail (null MX)`,
    remedy: words`correct the recipient's address`,
  }),
  'other-family': ({ name, addresses }) => ({
    cause: words`${name} has no address but ${addresses.join(', ')}, which ${INET_PROTOCOLS} forbids`,
    remedy: words`remove ${INET_PROTOCOLS}, and give the container a network that has such addresses`,
  }),
  'mail-domain': ({ name, mailHosts }, { setting }) => ({
    cause: words`${name} is the name of a domain and not of a server; its mail goes to ${mailHosts.join(', ')}`,
    remedy: words`give the name of the provider's server for sending as ${setting('host')}, such as smtp.${name} or mail.${name}; to send to the domain's own servers, set ${setting('mx', 'yes')}`,
  }),
  'no-greeting': ({ seconds }, { setting }) => ({
    cause: words`the server takes the connection and says nothing${seconds === undefined ? '' : ` within ${seconds} s`}`,
    remedy: words`a port with TLS from the first byte is 465: check ${setting('port')}; else the server is overloaded, or delays every client, and mail still gets through`,
  }),
  slow: (trouble, about) => ({
    cause: words`the server stopped answering in the middle of the conversation`,
    remedy: words`${again(trouble, about)}; if it lasts and small mail does get through, the way to the server drops large packets (MTU of a VPN or of a PPPoE connection)`,
  }),
  'connection-lost': (trouble, about) => ({
    cause:
      trouble.step === undefined
        ? words`the connection broke in the middle of the conversation`
        : words`the connection broke ${after(trouble.step)}${detailWords(trouble.detail)}`,
    remedy:
      trouble.step === undefined
        ? words`${again(trouble, about)}; if it lasts, "hikyaku doctor" says at which step it broke, and what to do`
        : atStep(trouble.step, about),
  }),
  'hung-up': ({ step }, about) => ({
    cause: words`the server hangs up ${after(step)}`,
    remedy: atStep(step, about),
  }),
  silent: ({ step, seconds }, about) => ({
    cause: words`the server says no more ${after(step)} (no answer within ${seconds} s)`,
    remedy: atStep(step, about),
  }),
  'not-smtp': ({ text }, { setting }) => ({
    cause: words`the server does not speak SMTP: ${text}`,
    remedy: words`that is no mail server: check ${setting('host')} and ${setting('port')}`,
  }),
  'no-ehlo': (_, { setting }) => ({
    cause: words`the server does not know EHLO, and so offers neither TLS nor a login`,
    remedy: words`check ${setting('host')} and ${setting('port')}; if they are right, a firewall or virus scanner on the way removes it: switch its inspection of mail off (SMTP inspection)`,
  }),
  namesake: ({ name, isItself }, { setting }) => ({
    cause: isItself
      ? words`the server is this relay itself: mail would loop`
      : words`the server calls itself ${name}, as this relay does: Postfix sends mail back as a loop`,
    remedy: words`give the provider's server as ${setting('host')}; if this is another machine, give this relay a name of its own (${ref('myhostname')})`,
  }),
  'size-limit': ({ theirs, ours }) => ({
    cause: words`the server takes ${theirs} bytes, and this relay up to ${ours}: larger mail is taken in here and comes back`,
    remedy: words`set ${ref('message_size', String(theirs))}`,
  }),
};
