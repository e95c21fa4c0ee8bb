import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { PageSettings } from '../../render/page-file.ts';
import { Password } from './password.ts';

/** Why a request gets no page. */
export interface Refused {
  readonly status: 400 | 401 | 403 | 405 | 413 | 415 | 421 | 429;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

type GateSettings = Pick<PageSettings, 'clients' | 'username' | 'password' | 'myhostname'>;

/** Decides who may see the page: users with the password, or if none is set, permitted clients. */
export class Gate {
  readonly #settings: GateSettings;
  readonly #allowed: BlockList;
  readonly #refused: BlockList;
  readonly #password: Password | undefined;

  constructor(settings: GateSettings, now: () => number = Date.now) {
    const { clients, username, password } = settings;
    this.#settings = settings;
    this.#allowed = listOf(clients.allowed);
    this.#refused = listOf(clients.refused);
    this.#password = password && new Password(username, password, now);
  }

  /** Whether actions such as hold and delete are allowed: only with a password. */
  get mayAct(): boolean {
    return this.#password !== undefined;
  }

  /** Undefined: the request is allowed. */
  async refusal({ method, headers, socket }: IncomingMessage): Promise<Refused | undefined> {
    // Forms exist only with a password; without one the page is read-only.
    const methods = ['GET', 'HEAD', ...(this.#password === undefined ? [] : ['POST'])];
    if (!methods.includes(method ?? '')) {
      const allow = methods.join(', ');
      return { status: 405, headers: { allow, connection: 'close' }, text: `only ${allow}` };
    }
    const address = plainAddress(socket.remoteAddress ?? '');
    if (isIP(address) === 0) return { status: 400, headers: {}, text: 'the connection is gone' };
    if (this.#password !== undefined) {
      return judged(await this.#password.judge(address, headers.authorization));
    }
    if (!this.#isClient(address)) return { status: 403, headers: {}, text: STRANGER };
    if (isOwnHost(headers.host, this.#settings.myhostname)) return undefined;
    return { status: 421, headers: {}, text: OTHER_HOST };
  }

  #isClient(address: string): boolean {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    return this.#allowed.check(address, family) && !this.#refused.check(address, family);
  }
}

const STRANGER =
  'without a password this page answers only the clients that may send mail: set ' +
  'RELAY_PAGE_PASSWORD_FILE (page.password_file), or add this address to RELAY_NETWORKS (networks)';

const OTHER_HOST =
  'this page does not answer to that name: use its address, or set RELAY_PAGE_PASSWORD_FILE ' +
  '(page.password_file)';

function judged(judgement: Awaited<ReturnType<Password['judge']>>): Refused | undefined {
  if (judgement === 'right') return undefined;
  if (judgement === 'wrong') {
    const ask = 'Basic realm="Hikyaku", charset="UTF-8"';
    return { status: 401, headers: { 'www-authenticate': ask }, text: 'a password is needed' };
  }
  const { waitSeconds } = judgement;
  return {
    status: 429,
    headers: { 'retry-after': String(waitSeconds) },
    text: `too many wrong passwords: try again in ${waitSeconds} s`,
  };
}

/** `::ffff:192.0.2.1` is how IPv4 comes to a socket of IPv6; a zone is no part of the address. */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Names that cannot be registered (RFC 6761, RFC 6762, RFC 8375, and ICANN's .internal). */
const PRIVATE = /\.(?:localhost|local|home\.arpa|internal|lan|test|example)$/;

/**
 * Whether a browser asks for us by an address, a name without a dot, or a name of ours. Any other name
 * may be a stranger's, who points it at this page so that his own page may read it (DNS rebinding).
 */
export function isOwnHost(header: string | undefined, myhostname: string): boolean {
  const [, bracketed, plain = ''] =
    /^(?:\[([0-9a-f:.]+)\]|([^:/@\s]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  if (bracketed !== undefined) return isIP(bracketed) === 6;
  const name = plain.toLowerCase().replace(/\.$/, '');
  if (name === '') return false;
  const isName = !name.includes('.') || name === myhostname.toLowerCase();
  return isName || isIP(name) === 4 || PRIVATE.test(name);
}
