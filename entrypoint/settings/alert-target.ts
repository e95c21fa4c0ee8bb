/** The targets of alerts, and the format of each service. Sources: the services' own API pages. */

/** One alert. */
export interface Alert {
  /** Identical at the beginning and the end of one trouble. */
  readonly key: string;
  /** Names the trouble for programs: `mail-waits`. */
  readonly kind: string;
  /** Whether it is well again. */
  readonly isOver: boolean;
  readonly title: string;
  readonly text: string;
  /** Data for programs. */
  readonly facts: Readonly<Record<string, string | number | null>>;
  readonly time: Date;
  /** The name of the relay (myhostname). */
  readonly relay: string;
}

/** A request of HTTP. */
export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Target = (alert: Alert) => Request;

const JSON_TYPE = { 'content-type': 'application/json' };

const json = (url: string, value: unknown, headers = {}): Request => ({
  url,
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify(value),
});

/** For services without a title of its own. */
const together = ({ title, text }: Alert): string => `${title}\n${text}`;

/** Priorities of ntfy and Gotify: what is over does not ring. */
const URGENCY = { ntfy: { raised: 4, over: 2 }, gotify: { raised: 8, over: 2 } } as const;

type Maker = (url: URL, parts: readonly string[]) => Target | undefined;

const MAKERS: Readonly<Record<string, Maker>> = {
  'http:': (url) => webhook(url),
  'https:': (url) => webhook(url),
  // docs.ntfy.sh/publish: JSON to the root of the server, a token as a bearer.
  'ntfy:': (url, parts) => ntfy('http', url, parts),
  'ntfys:': (url, parts) => ntfy('https', url, parts),
  // gotify.net/docs/pushmsg
  'gotify:': (url, parts) => gotify('http', url, parts),
  'gotifys:': (url, parts) => gotify('https', url, parts),
  // core.telegram.org/bots/api#sendmessage; the token has a colon: NUMBER:LETTERS.
  'tgram:': (url, [chat]) => {
    const token = `${url.username}:${url.password}`;
    if (chat === undefined || !/^\d+:[\w-]+$/.test(token)) return undefined;
    return (alert) =>
      json(`https://api.telegram.org/bot${token}/sendMessage`, {
        chat_id: chat,
        text: together(alert),
      });
  },
  // api.slack.com/messaging/webhooks: three words behind /services/.
  'slack:': (url, parts) => {
    const words = [url.host, ...parts];
    if (words.length !== 3) return undefined;
    const address = `https://hooks.slack.com/services/${words.join('/')}`;
    return (alert) => json(address, { text: together(alert) });
  },
  // discord.com/developers/docs/resources/webhook#execute-webhook
  'discord:': (url, [token]) => {
    if (token === undefined) return undefined;
    const address = `https://discord.com/api/webhooks/${url.host}/${token}`;
    return (alert) => json(address, { content: together(alert), allowed_mentions: { parse: [] } });
  },
};

function webhook(url: URL): Target {
  const { username, password } = url;
  const address = new URL(url);
  address.username = '';
  address.password = '';
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const bytes = new TextEncoder().encode(login).toBase64();
  const headers = username === '' ? {} : { authorization: `Basic ${bytes}` };
  return ({ key: _, ...alert }) => json(address.href, alert, headers);
}

function ntfy(scheme: string, url: URL, parts: readonly string[]): Target | undefined {
  // "ntfys://topic" without a host is a topic of the public server.
  const [host, topic] = parts.length === 0 ? ['ntfy.sh', url.hostname] : [url.host, parts[0]];
  if (topic === undefined || topic === '') return undefined;
  const token = url.password === '' ? url.username : url.password;
  const headers = token === '' ? {} : { authorization: `Bearer ${decodeURIComponent(token)}` };
  return ({ title, text, isOver }) => {
    const priority = isOver ? URGENCY.ntfy.over : URGENCY.ntfy.raised;
    return json(`${scheme}://${host}/`, { topic, title, message: text, priority }, headers);
  };
}

function gotify(scheme: string, url: URL, parts: readonly string[]): Target | undefined {
  const token = parts.at(-1);
  if (token === undefined) return undefined;
  const path = parts
    .slice(0, -1)
    .map((part) => `/${part}`)
    .join('');
  return ({ title, text, isOver }) => {
    const priority = isOver ? URGENCY.gotify.over : URGENCY.gotify.raised;
    const headers = { 'x-gotify-key': token };
    return json(
      `${scheme}://${url.host}${path}/message`,
      { title, message: text, priority },
      headers,
    );
  };
}

/** Reports to a monitor. @param wrong titles of the current problems; empty: all is well */
export type Pulse = (wrong: readonly string[]) => Request;

/**
 * A monitor raises an alarm after a failure, or when reports stop (healthchecks.io/docs/http_api).
 * "healthchecks://UUID" without a host is a check of the public service.
 */
function healthchecks(scheme: string, { host, pathname }: URL): Pulse | undefined {
  const path = pathname.replace(/\/+$/, '');
  const place = path === '' ? `hc-ping.com/${host}` : `${host}${path}`;
  if (host === '') return undefined;
  return (wrong) => ({
    url: `${scheme}://${place}${wrong.length === 0 ? '' : '/fail'}`,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: wrong.join('\n'),
  });
}

const PULSES: Readonly<Record<string, (url: URL) => Pulse | undefined>> = {
  'healthcheck:': (url) => healthchecks('http', url),
  'healthchecks:': (url) => healthchecks('https', url),
};

/** The schemes that are known, for messages. */
export const SCHEMES: readonly string[] = [...Object.keys(MAKERS), ...Object.keys(PULSES)].map(
  (scheme) => `${scheme}//`,
);

/** The request for a monitor at an address; undefined for all other addresses. */
export function pulseOf(address: string): Pulse | undefined {
  const parsed = URL.parse(address);
  return parsed === null ? undefined : PULSES[parsed.protocol]?.(parsed);
}

/** How alerts reach an address; undefined for one that is not complete or not known. */
export function targetOf(address: string): Target | undefined {
  const parsed = URL.parse(address.replace(/^tgram:\/\/(\d+):([\w-]+)\//, 'tgram://$1:$2@bot/'));
  if (parsed === null) return undefined;
  const parts = parsed.pathname.split('/').filter((part) => part !== '');
  return MAKERS[parsed.protocol]?.(parsed, parts);
}
