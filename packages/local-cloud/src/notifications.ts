/** A message that AWS sent to a topic. Who subscribed to the topic is not modelled: here it arrives. */
export interface Notification {
  /** ISO 8601 with milliseconds. */
  readonly at: string;
  readonly region: string;
  readonly topicArn: string;
  readonly subject: string;
  /** JSON, in the form that AWS sends. */
  readonly message: string;
}

/** Every message that was sent to a topic, in order. */
export class Notifications {
  readonly #sent: Notification[] = [];

  send(notification: Omit<Notification, "at">): void {
    this.#sent.push({ at: new Date().toISOString(), ...notification });
  }

  all(): readonly Notification[] {
    return [...this.#sent];
  }
}
