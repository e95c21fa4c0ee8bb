/** OpenSSL's errors bring their reason apart from a message that only its authors can read. */
export const opensslReason = (fault: unknown): string => {
  if (!(fault instanceof Error)) return String(fault);
  return 'reason' in fault && typeof fault.reason === 'string' ? fault.reason : fault.message;
};
