/** What a function's process and the local cloud say to each other over the IPC channel. */

export interface StartMessage {
  readonly kind: "start";
  /** Folder of the unpacked bundle. */
  readonly taskFolder: string;
  readonly handler: string;
  readonly dnsServer: { readonly address: string; readonly port: number };
}

export interface InvokeMessage {
  readonly kind: "invoke";
  readonly requestId: string;
  readonly functionArn: string;
  /** JSON text. */
  readonly event: string;
  /** When the time-out strikes, milliseconds since the epoch. */
  readonly deadline: number;
}

export type ToHost = StartMessage | InvokeMessage;

/** The body of a failed invocation, with Lambda's names. */
export interface ErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type FromHost =
  | { readonly kind: "ready" }
  | { readonly kind: "answered" /** JSON text. */; readonly payload: string }
  /** `fatal`: the process is no longer fit for another invocation. */
  | { readonly kind: "failed"; readonly error: ErrorBody; readonly fatal: boolean };
