/** Reading what the mock provider has recorded, over HTTP. */
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../entrypoint/cli/errors.ts';
import type { ProviderMessage } from '../../test/support/provider/api.ts';

/** The authority that signed the provider's certificate, in PEM. @param url of its HTTP side */
export const readCertificate = (url: string): Promise<string> => get(`${url}/ca.pem`);

/** Waits for the first message. */
export async function waitForMessage(
  url: string,
  patienceMs: number,
  signal: AbortSignal,
): Promise<ProviderMessage> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    // The type is the provider's own; the two ends cannot drift apart.
    const messages: readonly ProviderMessage[] = JSON.parse(await get(`${url}/messages`));
    const [message] = messages;
    if (message !== undefined) return message;
    await delay(200, undefined, { signal });
  }
  throw new UserError(`No mail reached the provider within ${patienceMs / 1000} s.`);
}

async function get(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
