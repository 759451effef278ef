/** What other services ask of Lambda. */
export interface FunctionUse {
  /** Whether the function is there and its policy lets this service call it for this resource. */
  permits(call: {
    readonly region: string;
    readonly functionArn: string;
    /** Such as `secretsmanager.amazonaws.com`. */
    readonly service: string;
    readonly sourceArn: string;
  }): boolean;
  /**
   * Calls the function and waits for its end.
   *
   * @throws {Error} when it fails, or cannot be called; the message is the function's own
   */
  call(region: string, functionArn: string, event: object, signal: AbortSignal): Promise<void>;
}
