/**
 * Downloads a server program with the Temporal SDK: `sdk-download <command> <version> <folder>`.
 * A process of its own, because the SDK's download cannot be stopped: its caller kills it when it takes too long.
 */
const [command, version, folder] = process.argv.slice(2)
const executable = { type: 'cached-download', version: `v${version}`, downloadDir: folder } as const
try {
  // Imported here, so that an installation without development packages fails like any other route.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing')
  const environment =
    command === 'temporal'
      ? await TestWorkflowEnvironment.createLocal({ server: { executable } })
      : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } })
  await environment.teardown()
} catch (error) {
  // The last line is what the caller shows.
  console.error((error as Error).message.replaceAll('\n', ' '))
  process.exitCode = 1
}
