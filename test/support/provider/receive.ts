import type { SMTPServerDataStream } from 'smtp-server';
import type { FaultRule } from './api.ts';

/**
 * Reads the body of a message.
 *
 * @param fault strikes when its `after_bytes` have arrived, or at the end of a shorter message
 * @param suffer carries the fault out; calls its argument when it was only a delay
 * @returns the message, or never when the connection was lost
 */
export function receive(
  stream: SMTPServerDataStream,
  fault: FaultRule | undefined,
  suffer: (fault: FaultRule, proceed: () => void) => void,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let pending = fault;
  let left = fault?.after_bytes ?? 0;
  return new Promise((resolve) => {
    const strike = (proceed: () => void) => {
      const due = pending;
      pending = undefined;
      if (due === undefined) proceed();
      else suffer(due, proceed);
    };
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      left -= chunk.length;
      if (pending === undefined || left > 0) return;
      // Unread, the rest fills the buffers, and the client can no longer write.
      stream.pause();
      strike(() => stream.resume());
    });
    stream.on('end', () => strike(() => resolve(Buffer.concat(chunks))));
    // The client is gone, so no reply is possible. Without a listener this would be thrown.
    stream.on('error', () => undefined);
  });
}
