/** Where GitHub sends its deliveries. */
export const WEBHOOK_PATH = '/webhooks/github';
