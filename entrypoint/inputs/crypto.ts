/**
 * Node's cryptography takes as long to load as everything of ours; only settings that name a
 * certificate need it, so it is loaded then.
 */
export const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');
