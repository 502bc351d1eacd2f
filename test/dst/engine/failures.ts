/** The failures of the engine's SDK, as far as workflows and activities make or read them. */

export class TemporalFailure extends Error {}

interface FailureOptions {
  message?: string
  type?: string
  nonRetryable?: boolean
  details?: unknown[]
  cause?: Error
}

export class ApplicationFailure extends TemporalFailure {
  readonly type: string | undefined
  readonly nonRetryable: boolean
  readonly details: unknown[] | undefined

  constructor(message: string | undefined, type?: string, nonRetryable = false, details?: unknown[], cause?: Error) {
    super(message, { cause })
    this.name = 'ApplicationFailure'
    this.type = type
    this.nonRetryable = nonRetryable
    this.details = details
  }

  static create({ message, type, nonRetryable = false, details, cause }: FailureOptions): ApplicationFailure {
    return new ApplicationFailure(message, type, nonRetryable, details, cause)
  }

  static nonRetryable(message?: string, type?: string, ...details: unknown[]): ApplicationFailure {
    return new ApplicationFailure(message, type, true, details)
  }
}

/** An activity that failed for good, as the workflow sees it. */
export class ActivityFailure extends TemporalFailure {
  constructor(cause: Error) {
    super('Activity task failed', { cause })
    this.name = 'ActivityFailure'
  }
}

export class WorkflowExecutionAlreadyStartedError extends TemporalFailure {
  readonly workflowId: string

  constructor(workflowId: string) {
    super('Workflow execution already started')
    this.workflowId = workflowId
  }
}
