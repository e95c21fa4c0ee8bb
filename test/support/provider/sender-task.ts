/** What the sender is asked to do. */
export interface SenderTask {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: string;
  /** Stops when so many have been accepted … */
  readonly count: number;
  /** … or so many tried. */
  readonly attempts: number;
  readonly concurrency: number;
  /** Size of the body. */
  readonly bytes: number;
  /** The ids are PREFIX-1, PREFIX-2 and so on. */
  readonly prefix: string;
  /** No message is begun after this time. */
  readonly deadline_ms: number;
}

/** What a client was told of one message; `lost`: the connection ended without a reply. */
export interface SentMessage {
  readonly id: string;
  readonly outcome: 'accepted' | 'refused' | 'lost';
  readonly reply: string;
}
