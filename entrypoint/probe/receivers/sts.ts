import type { Resolver } from 'node:dns/promises';
import { get } from 'node:https';
import { answerOf } from '../dns.ts';

/** A recipient domain's policy for senders (MTA-STS, RFC 8461). */
export type Sts =
  | { readonly kind: 'none' | 'no-answer' }
  | { readonly kind: 'unusable'; readonly detail: string }
  | {
      readonly kind: 'policy';
      readonly mode: 'enforce' | 'testing' | 'none';
      /** The hosts that may take its mail: `mail.example.com`, `*.example.com`. */
      readonly hosts: readonly string[];
    };

/** Gets a text over HTTPS with a valid certificate. @throws after a failure */
export type GetText = (url: string) => Promise<string>;

const MODES = ['enforce', 'testing', 'none'] as const;

/** Looks whether the domain has a policy, and reads it. */
export async function stsOf(domain: string, resolver: Resolver, getText: GetText): Promise<Sts> {
  const answer = await answerOf(resolver.resolveTxt(`_mta-sts.${domain}`));
  if ('fault' in answer) return { kind: answer.fault === 'unknown' ? 'none' : 'no-answer' };
  if (!answer.found.some((strings) => /^v=STSv1\b/.test(strings.join('')))) return { kind: 'none' };
  try {
    return readPolicy(await getText(`https://mta-sts.${domain}/.well-known/mta-sts.txt`));
  } catch (fault) {
    return { kind: 'unusable', detail: fault instanceof Error ? fault.message : String(fault) };
  }
}

/** A line for each key, `mx` several times (RFC 8461 section 3.2). */
function readPolicy(text: string): Sts {
  const pairs = text.split(/\r?\n/).map((line) => line.split(/:\s*/, 2).map((part) => part.trim()));
  const first = (key: string) => pairs.find(([name]) => name === key)?.[1];
  const mode = MODES.find((one) => one === first('mode'));
  if (first('version') !== 'STSv1' || mode === undefined) {
    return { kind: 'unusable', detail: 'the policy has no version or no mode' };
  }
  const hosts = pairs.flatMap(([name, value = '']) => (name === 'mx' ? value.toLowerCase() : []));
  return { kind: 'policy', mode, hosts };
}

/** Whether a host is one of the policy's; `*` stands for one label (RFC 8461 section 4.1). */
export const isOfPolicy = (host: string, hosts: readonly string[]): boolean =>
  hosts.some((one) =>
    one.startsWith('*.')
      ? host.toLowerCase().replace(/^[^.]+/, '*') === one
      : host.toLowerCase() === one,
  );

const PATIENCE_MS = 4_000;

/** A policy is small; who sends more sends something else. */
const MOST_BYTES = 65_536;

/**
 * Gets a policy, and follows no redirect (RFC 8461 section 3.3).
 * @param ca the certificates of the CAs to trust, PEM
 * @param addressOf finds the host's address as Postfix does; undefined without an address
 */
export const policyGetter =
  (ca: readonly string[], addressOf: (host: string) => Promise<string | undefined>): GetText =>
  async (url) => {
    const { hostname, pathname } = new URL(url);
    const host = await addressOf(hostname);
    if (host === undefined) throw new Error(`there is no host of the name ${hostname}`);
    return new Promise((resolve, reject) => {
      const options = {
        host,
        path: pathname,
        servername: hostname,
        headers: { host: hostname },
        ca: [...ca],
        timeout: PATIENCE_MS,
      };
      const request = get(options, (response) => {
        if (response.statusCode !== 200) {
          request.destroy(new Error(`HTTP status ${response.statusCode}`));
          return;
        }
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MOST_BYTES) request.destroy(new Error('the policy is too long'));
        });
        response.on('end', () => resolve(text));
      });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', reject);
    });
  };
