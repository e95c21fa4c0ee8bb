import {
  setting as ref,
  type Sentence,
  type SettingRef,
  words,
} from '../../settings/naming/sentence.ts';
import type { About, Table } from '../entry.ts';
import type { MailKind, Refused } from '../trouble.ts';
import { again } from './again.ts';

/** The row that gives mail from this sender the account's own address. */
function rewriting({ sender }: Pick<Refused, 'sender'>, { ownAddress }: About): SettingRef {
  const at = sender?.lastIndexOf('@') ?? -1;
  const from = sender === undefined || at < 0 ? '@made-up.name' : sender.slice(at);
  return ref('generic', [from, ownAddress ?? 'me@provider.example']);
}

const sameDomain = ({ sender }: Refused, { ownAddress }: About): boolean =>
  sender !== undefined &&
  ownAddress !== undefined &&
  domainOf(sender).toLowerCase() === domainOf(ownAddress).toLowerCase();

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@'));

/** A sender of the provider's own domain is rewritten by itself, not with its whole domain. */
function rewrite(trouble: Refused, about: About): Sentence {
  const { sender } = trouble;
  const row =
    sender !== undefined && about.ownAddress !== undefined && sameDomain(trouble, about)
      ? ref('generic', [sender, about.ownAddress])
      : rewriting(trouble, about);
  return words`${row}`;
}

/** All mail under the server's own address: accounts and backups have a setting of their own for it. */
function sendAs({ setting, ownAddress }: About): SettingRef {
  const own = setting('send_as', ownAddress);
  const isOwn = 'path' in own && /^(accounts|relay\.backups)\./.test(own.path);
  return isOwn ? own : ref('send_as', ownAddress);
}

/** A server's reasons to refuse a sender, a recipient, a message, or this relay. */
export const MAIL: Table<MailKind> = {
  helo: (_, { setting }) => ({
    cause: words`the server does not accept the name by which this relay introduces itself (HELO)`,
    remedy: words`set ${ref('myhostname')} to a full name, with a dot in it, that the DNS knows, such as that of your connection; with a login, on port 587 (${setting('port')}), most servers do not ask for one`,
  }),
  sender: (trouble, about) => ({
    cause: words`the provider does not let this login send mail from that sender address`,
    remedy: words`rewrite it to the account's own address (${rewrite(trouble, about)}), send all mail from it (${sendAs(about)}), give that sender its own login (accounts), or log in as its owner (${about.setting('username')})`,
  }),
  'sender-unverified': (trouble, about) => ({
    cause: words`the provider does not know this address as one of the account (not verified)`,
    remedy: words`verify the sender's address or its domain on the provider's web page (in the sandbox of Amazon SES the recipient too), or rewrite it to one that is verified: ${rewrite(trouble, about)}`,
  }),
  'sender-domain': (trouble, about) => ({
    cause: words`the sender's address or its domain does not exist on the Internet`,
    remedy: words`rewrite made-up addresses to a real one: ${rewrite(trouble, about)}, or ${ref('myorigin')} for mail from bare user names`,
  }),
  authenticity: (_, { setting }) => ({
    cause: words`the sender's domain does not vouch for this server (SPF, DKIM or DMARC)`,
    remedy: words`send from an address of the provider that is logged in to (${ref('generic')}), or have the domain's DNS allow the provider's servers; the provider is ${setting('host')}`,
  }),
  'address-reputation': (_, { setting }) => ({
    cause: words`the server refuses mail from this connection's Internet address`,
    remedy: words`send through a provider's submission server (${setting('host')}, port 587, with a login) instead of straight from a home connection`,
  }),
  'not-wanted': () => ({
    cause: words`the recipient takes no mail from this sender, or the provider does not send to this recipient any more`,
    remedy: words`ask the recipient, or the recipient's administrator, to let the sender in; a service for sending keeps a suppression list on its web page`,
  }),
  recipient: () => ({
    cause: words`there is no such recipient`,
    remedy: words`correct the address in the program that sends; look also at ${ref('virtual')}`,
  }),
  'mailbox-full': (trouble, about) => ({
    cause: words`the recipient's mailbox is full`,
    remedy: words`the recipient has to make room there; ${again(trouble, about)}`,
  }),
  size: () => ({
    cause: words`the message is larger than the server takes`,
    remedy: words`send large files another way; set ${ref('message_size')} to what "hikyaku doctor" says the server takes, so that clients are refused at once`,
  }),
  format: () => ({
    cause: words`the message is not in order: header fields, line ends, or a line that is too long`,
    remedy: words`have the program that sends set From, Date and Message-ID, end its lines in CRLF, and keep them under 998 characters; another program on the same machine shows whether it is this one`,
  }),
  'not-ascii': () => ({
    cause: words`an address has letters beyond ASCII, which the server does not take`,
    remedy: words`use an address in plain letters, in the program that sends`,
  }),
  content: () => ({
    cause: words`the server classifies the message as spam or dangerous`,
    remedy: words`look at what the message holds (attachments, links) and at its sender address`,
  }),
  rate: (trouble, about) => ({
    cause: words`the provider takes only so much mail in a given time`,
    remedy: words`${again(trouble, about)}. If it lasts: look which machine sends so much (hikyaku queue), lower ${about.setting('connections')}, or ask the provider for a higher limit`,
  }),
  greylisting: (trouble, about) => ({
    cause: words`the server makes unknown senders wait (greylisting)`,
    remedy: words`${again(trouble, about)}, usually within half an hour`,
  }),
  loop: () => ({
    cause: words`the mail would come back to this relay`,
    remedy: words`give the outside address of the NAT as ${ref('proxy_interfaces')}, and check that ${ref('myhostname')} and ${ref('relay.host')} are not the same machine`,
  }),
  'server-disk': (trouble, about) => ({
    cause: words`the server has no room for the mail at the moment`,
    remedy: words`${again(trouble, about)}; if it lasts, ask the provider`,
  }),
  later: (trouble, about) => ({
    cause: words`the server defers it (a temporary answer)`,
    remedy: again(trouble, about),
  }),
  refused: () => ({
    cause: words`the server refuses it for good`,
    remedy: words`the server's own words say why; if they do not, ask the provider`,
  }),
};
