/** What no implementation goes below: a process that starts and answers. */
export const handler = async () => ({ statusCode: 200, headers: {}, body: "{}" });
