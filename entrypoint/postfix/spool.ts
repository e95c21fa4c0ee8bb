/** The queue, where Postfix has it by default (queue_directory): a volume. */
export const SPOOL = '/var/spool/postfix';

/** Postfix's master writes its process number here and locks the file while it runs (master(8)). */
export const MASTER_PID = `${SPOOL}/pid/master.pid`;
