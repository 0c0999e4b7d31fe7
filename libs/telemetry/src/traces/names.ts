/**
 * Names of spans' attributes, as strings of ours: OpenTelemetry's semantic conventions 1.45 where they have one (those for
 * models are still in development, and move), else `cascade.*`. The package of the conventions is not loaded at run time;
 * `names.spec.ts` compares.
 */
export const names = {
  errorType: 'error.type',

  messagingSystem: 'messaging.system',
  messagingDestination: 'messaging.destination.name',
  messagingGroup: 'messaging.consumer.group.name',
  messagingId: 'messaging.message.id',
  messagingConversation: 'messaging.message.conversation_id',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',

  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  urlPath: 'url.path',
  urlTemplate: 'url.template',
  serverAddress: 'server.address',
  serverPort: 'server.port',

  genAiOperation: 'gen_ai.operation.name',
  genAiProvider: 'gen_ai.provider.name',
  genAiRequestModel: 'gen_ai.request.model',
  genAiResponseModel: 'gen_ai.response.model',
  genAiMaxTokens: 'gen_ai.request.max_tokens',
  genAiInputTokens: 'gen_ai.usage.input_tokens',
  genAiOutputTokens: 'gen_ai.usage.output_tokens',
  genAiFinishReasons: 'gen_ai.response.finish_reasons',
  genAiAgent: 'gen_ai.agent.name',
  genAiConversation: 'gen_ai.conversation.id',
  genAiInput: 'gen_ai.input.messages',
  genAiOutput: 'gen_ai.output.messages',

  processExecutable: 'process.executable.name',
  processArguments: 'process.command_args',
  processExitCode: 'process.exit.code',

  /** Of the cascade, in every span that belongs to one. */
  cascade: 'cascade.id',
  /** Which service did it: several may run in one process. */
  service: 'cascade.service',
  /** Id and type of the event or command that is handled or published. */
  eventId: 'cascade.event.id',
  eventType: 'cascade.event.type',
  /** From 2 when the event was put back after an error. */
  attempt: 'cascade.attempt',
  /** Times that the entry was delivered; from 2 when a worker died over it. */
  deliveries: 'cascade.deliveries',
  /** Milliseconds that the entry lay in its stream. */
  waited: 'cascade.waited_ms',
  /** `committed`, or why nothing was: `dropped`, `fenced`, `conflict`. */
  commit: 'cascade.commit',
  /** Name of a journal step, and whether its result was there already. */
  step: 'cascade.step',
  stepReplayed: 'cascade.step.replayed',
  story: 'cascade.story',
  sandboxLimit: 'cascade.sandbox.limit',
  sandboxSignal: 'cascade.sandbox.signal',
  gitEnd: 'cascade.git.end',
  deliveryId: 'cascade.github.delivery',
  matter: 'cascade.github.matter',
} as const;

/** Names of events within spans. */
export const spanEvents = { redelivered: 'redelivered', retried: 'put back', deadLetter: 'dead letter', wait: 'waits' } as const;
