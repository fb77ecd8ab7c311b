import type { Capabilities } from './capabilities.ts'
import type { UploadInfo } from '../model/upload.ts'
import { findAuthorized } from './find-authorized.ts'
import { append } from './append.ts'
import type { AppendCommand, Caller, CreateCommand } from './commands.ts'
import type { Created } from './create.ts'
import { create } from './create.ts'
import { expiryOf } from './expiry.ts'
import type { InspectOptions } from './inspect.ts'
import { inspect } from './inspect.ts'
import type { Ports } from './ports.ts'
import { remove } from './remove.ts'
import type { SweepReport } from './sweep.ts'
import { sweep } from './sweep.ts'

/** The operations that protocols use. Each throws an `UploadError` when it refuses a request. */
export interface UploadEngine<Context> {
  readonly capabilities: Capabilities
  create(command: CreateCommand, caller: Caller<Context>): Promise<Created>
  append(command: AppendCommand, caller: Caller<Context>): Promise<UploadInfo>
  /** Returns a rejected upload as well. `assertNotRejected` throws for it. */
  inspect(
    id: string,
    caller: Caller<Context>,
    options?: Pick<InspectOptions, 'completion'>,
  ): Promise<UploadInfo>
  /** Like `inspect`, for a client that reads the bytes of a completed upload. */
  read(id: string, caller: Caller<Context>): Promise<UploadInfo>
  remove(id: string, caller: Caller<Context>): Promise<void>
  sweep(): Promise<SweepReport>
  /** When an upload expires; null if it never does. */
  expiryOf(upload: UploadInfo): Date | null
  /** Like `expiryOf`, after checking that the caller may append to the upload. */
  expiryFor(id: string, caller: Caller<Context>): Promise<Date | null>
}

/** Creates the engine over its ports. */
export function createEngine<Context>(ports: Ports<Context>): UploadEngine<Context> {
  return {
    capabilities: ports.capabilities,
    create: (command, caller) => create(ports, command, caller),
    append: (command, caller) => append(ports, command, caller),
    inspect: (id, caller, options) => inspect(ports, id, caller, options),
    read: (id, caller) => inspect(ports, id, caller, { action: 'read' }),
    remove: (id, caller) => remove(ports, id, caller),
    sweep: () => sweep(ports),
    expiryOf: (upload) => expiryOf(ports.limits, upload),
    expiryFor: async (id, caller) =>
      expiryOf(ports.limits, await findAuthorized(ports, 'append', id, caller)),
  }
}
