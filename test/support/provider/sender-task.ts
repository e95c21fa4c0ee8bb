/** The task of the sender. */
export interface SenderTask {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: string;
  /** Stops after this number of accepted messages … */
  readonly count: number;
  /** … or this number of attempts. */
  readonly attempts: number;
  readonly concurrency: number;
  /** Size of the body. */
  readonly bytes: number;
  /** The ids are PREFIX-1, PREFIX-2 and so on. */
  readonly prefix: string;
  /** No message is begun after this time. */
  readonly deadline_ms: number;
}

/** The reply for one message; `lost`: the connection ended without a reply. */
export interface SentMessage {
  readonly id: string;
  readonly outcome: 'accepted' | 'refused' | 'lost';
  readonly reply: string;
}
