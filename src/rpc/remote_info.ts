/** Who is at the other end of a connection. */
export interface RemoteInfo {
  /**
   * The address in the form of the module's own addresses, such as `unix:///run/a.sock`; `memory` without a
   * socket.
   */
  readonly address: string;
}
