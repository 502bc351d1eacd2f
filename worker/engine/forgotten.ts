import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client'

/** gRPC's code. */
const NOT_FOUND = 5

/** Whether the engine says that it does not have this workflow or run. Of histories the client hands on the server's own error. */
export const isForgotten = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === NOT_FOUND)
