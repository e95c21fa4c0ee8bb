import { readReply, troubleOf } from '../advice/foreign/reply.ts';
import type { Step, Trouble } from '../advice/trouble.ts';
import { isSystemError } from '../cli/errors.ts';
import { isGood, NotSmtp, type Reply, replyText } from '../postfix/smtp-reply.ts';
import type { Server } from './servers.ts';
import { HungUp, NoAnswer } from './smtp-session.ts';

/** Thrown where a walk can go no further. */
export class Troubled extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.kind);
    this.trouble = trouble;
  }
}

/** Goes on with a good reply only. @param step what it is the answer to */
export function demand(answer: Reply, step: Step): void {
  if (isGood(answer)) return;
  const reply = readReply(replyText(answer));
  if (step === 'STARTTLS') throw new Troubled({ kind: 'starttls-refused', reply });
  if (step === 'EHLO' && [500, 502].includes(reply.code)) {
    throw new Troubled({ kind: 'no-ehlo', reply });
  }
  throw new Troubled(troubleOf(reply, step));
}

/** OpenSSL's errors bring their reason apart from a message that only its authors can read. */
const detailOf = (fault: unknown): string => {
  if (!(fault instanceof Error)) return String(fault);
  return 'reason' in fault && typeof fault.reason === 'string' ? fault.reason : fault.message;
};

/** Why no encryption came about, by the reasons of OpenSSL (sslerr.h). */
export function handshakeTrouble(
  fault: unknown,
  { implicitTls, port }: Pick<Server, 'implicitTls' | 'port'>,
): Trouble {
  const detail = detailOf(fault);
  if (/protocol version|unsupported protocol|version too low/i.test(detail)) {
    return { kind: 'tls-too-old', port, detail };
  }
  const isSilent = fault instanceof NoAnswer || fault instanceof HungUp;
  const isClear = isSilent || /wrong version number|packet length/i.test(detail);
  return { kind: implicitTls && isClear ? 'tls-not-first' : 'tls-handshake', port, detail };
}

/** Why a session did not complete. @param step the last command */
export function brokenOff(fault: unknown, step: Step): Trouble {
  if (fault instanceof Troubled) return fault.trouble;
  if (fault instanceof NotSmtp) return { kind: 'not-smtp', text: fault.line };
  if (fault instanceof HungUp) return { kind: 'hung-up', step };
  if (fault instanceof NoAnswer) {
    const { seconds } = fault;
    return step === 'greeting'
      ? { kind: 'no-greeting', seconds }
      : { kind: 'silent', step, seconds };
  }
  const detail = detailOf(fault);
  if (detail.includes('certificate required')) return { kind: 'client-certificate', step };
  // Errors of the system or OpenSSL have a code; our own faults do not.
  if (!isSystemError(fault)) throw fault;
  return { kind: 'connection-lost', step, detail };
}
