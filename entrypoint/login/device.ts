/** A login on any device, by a code that is shown here (RFC 8628). */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type DeviceAuthorizationResponse,
  deviceAuthorizationRequest,
  deviceCodeGrantRequest,
  processDeviceAuthorizationResponse,
} from 'oauth4webapi';
import { encodeQR } from 'qr';
import {
  asked,
  askedForToken,
  type Endpoint,
  type TokenAnswer,
} from '../companion/tokens/endpoint.ts';
import type { Terminal } from './line-terminal.ts';

/** Default number of seconds between two requests (RFC 8628 section 3.2). */
const USUAL_INTERVAL = 5;
/** The seconds that "slow_down" adds (RFC 8628 section 3.5). */
const SLOWER_BY = 5;

export async function byDevice(endpoint: Endpoint, terminal: Terminal): Promise<TokenAnswer> {
  const { server, client, proof, options, oauth2 } = endpoint;
  const given = await asked(
    endpoint,
    () => deviceAuthorizationRequest(server, client, proof, { scope: oauth2.scope }, options),
    (response) => processDeviceAuthorizationResponse(server, client, response),
  );
  if (given.kind === 'failure') return given;
  const { answer: begun } = given;
  for (const line of shown(begun)) terminal.print(line);
  const end = performance.now() + begun.expires_in * 1000;
  let interval = begun.interval ?? USUAL_INTERVAL;
  for (;;) {
    await pause(interval * 1000);
    const answer = await askedForToken(endpoint, () =>
      deviceCodeGrantRequest(server, client, proof, begun.device_code, options),
    );
    if (answer.kind === 'token') return answer;
    const { fault, detail, isTemporary } = answer.failure;
    const isPending = /^authorization_pending\b/.test(detail);
    const isTooFast = /^slow_down\b/.test(detail);
    if (isTooFast) interval += SLOWER_BY;
    // A line that was cut is tried again as long as the code lives.
    const goesOn = isPending || isTooFast || (isTemporary && fault !== 'not-oauth');
    if (!goesOn) return answer;
    if (performance.now() >= end) {
      return {
        kind: 'failure',
        failure: { fault: 'code-ended', isTemporary: false, detail: isPending ? '' : detail },
      };
    }
  }
}

function shown(begun: DeviceAuthorizationResponse): readonly string[] {
  const { user_code: code, verification_uri: address, verification_uri_complete: whole } = begun;
  const minutes = Math.max(1, Math.floor(begun.expires_in / 60));
  return [
    ...qrLines(whole ?? address),
    `Open   ${address}`,
    `Code   ${code}`,
    '',
    `Log in there as the mailbox that sends, and allow it. The code is good for ${minutes} min; waiting ...`,
  ];
}

/** For a telephone's camera; a terminal with a light background shows it in negative, which they read. */
const qrLines = (text: string): readonly string[] =>
  process.stdout.isTTY ? encodeQR(text, 'ascii', { ecc: 'low', border: 2 }).split('\n') : [];
