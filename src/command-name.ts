/** How the builder is called, for messages that tell what to type. */
export const COMMAND = './hikyaku';
