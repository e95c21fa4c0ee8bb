import type { Trouble } from '../advice/trouble.ts';

/** The result for one recipient in one attempt (the `status=` of a delivery agent). */
export type DeliveryStatus = 'sent' | 'deferred' | 'bounced' | 'expired' | 'other';

/** The delays of a delivery, in seconds (delay_logging_resolution_limit in postconf(5)). */
export interface Delays {
  readonly beforeQueue: number;
  readonly inQueue: number;
  readonly connecting: number;
  readonly sending: number;
}

/** One attempt to deliver a message to one recipient. */
export interface Attempt {
  readonly kind: 'attempt';
  readonly time: Date;
  readonly id: string;
  readonly to: string;
  /** The recipient as it was before it was redirected; undefined when it was not. */
  readonly origTo: string | undefined;
  /** `mail.isp.example[192.0.2.1]:587`, `virtual`, or `none` when no server was reached. */
  readonly relay: string;
  readonly service: string | undefined;
  /** Since the message came in, in seconds. */
  readonly delay: number | undefined;
  readonly delays: Delays | undefined;
  /** `2.0.0` (RFC 3463). */
  readonly dsn: string | undefined;
  readonly status: DeliveryStatus;
  /** The ID under which the message goes on, signed: no delivery yet. Undefined for all others. */
  readonly handedTo: string | undefined;
  /** The server's reply, or why no reply came. */
  readonly reason: string;
  /** The trouble behind the reason; undefined for sent mail, and for an unknown text. */
  readonly trouble: Trouble | undefined;
}

/** A refused message or recipient, or a client that left without a message. */
export interface Refusal {
  readonly kind: 'refused';
  readonly time: Date;
  /** Undefined when no recipient of the message had been taken before (NOQUEUE). */
  readonly id: string | undefined;
  /** `RCPT`, `MAIL`, `DATA`, `END-OF-MESSAGE`, `header` …; `SESSION` before any of them. */
  readonly stage: string;
  /** Undefined where the message's own story says who it is. */
  readonly client: string | undefined;
  /** The login that the client used, or tried. */
  readonly login: string | undefined;
  /** The relay's own answer, where the log has it. */
  readonly reply: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly trouble: Trouble;
}

/** Other events of a message. */
export type Step =
  | {
      readonly kind: 'client';
      readonly client: string;
      /** sasl_username. */
      readonly login: string | undefined;
    }
  | { readonly kind: 'program'; readonly from: string }
  | { readonly kind: 'message-id'; readonly messageId: string }
  | { readonly kind: 'queued'; readonly from: string; readonly size: number }
  | { readonly kind: 'expired'; readonly from: string }
  /** A notice to the sender: what it says, and the message that it is. */
  | { readonly kind: 'notified'; readonly what: string; readonly by: string }
  | { readonly kind: 'canceled' | 'deleted' | 'removed' };

/** An event in a line of the log. */
export type LogEvent = Attempt | Refusal | (Step & { readonly time: Date; readonly id: string });
