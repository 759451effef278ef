import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** `body` is the JSON text of the request. */
export type Answer = (response: ServerResponse, body: string, headers: IncomingHttpHeaders) => void;

/** An HTTP endpoint that answers as Secrets Manager does on the wire (JSON 1.1), or as it fails. */
export class SecretsEndpoint {
  answer: Answer;
  calls = 0;
  readonly #server: Server;

  private constructor(server: Server, answer: Answer) {
    this.#server = server;
    this.answer = answer;
  }

  static async start(answer: Answer): Promise<SecretsEndpoint> {
    const server = createServer();
    const endpoint = new SecretsEndpoint(server, answer);
    server.on("request", (request, response) => {
      endpoint.calls++;
      text(request).then(
        (body) => endpoint.answer(response, body, request.headers),
        () => response.destroy(),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

export const json =
  (status: number, body: object | string): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };

export const failure = (status: number, type: string, message: string): Answer =>
  json(status, { __type: type, Message: message });

export const silence: Answer = () => {};

export const reset: Answer = (response) => response.destroy();
