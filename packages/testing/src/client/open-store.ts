import type { Locker, UploadStore } from '@tusker/core'

/** A store for one conversation. */
export interface OpenedStore {
  readonly store: UploadStore
  /** Creates a locker for one more server over this store. Without it there can be only one server. */
  locker?(): Locker
  /** Called once the conversation is over, however it ended. */
  dispose?(): Promise<void>
}

/** Creates an empty store. It must be able to `read`: conversations check the bytes. */
export type OpenStore = () => OpenedStore | Promise<OpenedStore>
