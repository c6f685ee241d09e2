import { TtrpcError } from "../../../mod.ts";
import { decodeResponse, encodeRequest, FrameType } from "../../../src/frame/mod.ts";
import { FrameConnection } from "../../interop/frame_connection.ts";
import { decodeFields, encodeFields, type Fields } from "./fields.ts";
import type { Shim } from "./shim.ts";

/** A shim's service `Task`, called without this module's stubs, one call after the other. */
export class TaskByHand implements AsyncDisposable {
  readonly #connection: FrameConnection;
  readonly #service: string;
  #streamId = 1;

  private constructor(connection: FrameConnection, service: string) {
    this.#connection = connection;
    this.#service = service;
  }

  /** Connects to a shim. */
  static async connect({ taskVersion }: Shim, address: string): Promise<TaskByHand> {
    return new TaskByHand(await FrameConnection.open(address), `containerd.task.v${taskVersion}.Task`);
  }

  /**
   * Calls a method.
   *
   * @throws {TtrpcError} If the shim refuses, as a rejection.
   */
  async call(method: string, fields: Fields): Promise<Record<number, number | string>> {
    const payload = await this.#call(method, fields);
    if (payload === undefined) throw new Error(`The shim has ended the connection at ${method}`);
    return decodeFields(payload);
  }

  /** Ends the shim, whose reply may be lost. */
  async shutDown(): Promise<void> {
    await this.#call("Shutdown", {});
  }

  /** Gives nothing if the connection ends instead. */
  async #call(method: string, fields: Fields): Promise<Uint8Array | undefined> {
    const call = {
      service: this.#service,
      method,
      payload: encodeFields(fields),
      timeoutNanos: 0n,
      metadata: [],
    };
    const streamId = this.#streamId;
    this.#streamId += 2;
    await this.#connection.send({ streamId, type: FrameType.Request, flags: 0, body: encodeRequest(call) });
    const reply = await this.#connection.next();
    if (reply === undefined) return undefined;
    const { status, payload } = decodeResponse(reply.body);
    if (status !== undefined && status.code !== 0) throw new TtrpcError(status.message, status.code);
    return payload;
  }

  /** Closes the connection. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]();
  }
}
