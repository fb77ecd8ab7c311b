import { describeGuarantees } from '@tusker/testing'
import { openStore } from './support/memory-host.ts'

describeGuarantees('memory store', openStore, undefined, 'draft')
