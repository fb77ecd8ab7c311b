/** The keys of the account that tests use. */
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'testtest' }
