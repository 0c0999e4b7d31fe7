import type { CascadeShort, CascadeView, progressEvent, transcript } from '../contract/cascade-schemas.js';
import type { StreamFigures } from '../contract/stream-operations.js';
import type { listDeadLetters } from '../contract/item-operations.js';
import type { AnswerOf } from '../contract/operation.js';
import type { ProblemDetails } from '../contract/problem.js';
import type { z } from 'zod';

// What the page knows of the API is what the API's contract says, and only as types: nothing of it is in the bundle.
export type { CascadeShort, CascadeView, ProblemDetails, StreamFigures };
export type CascadeState = CascadeShort['state'];
export type Story = CascadeView['stories'][number];
export type Task = CascadeView['tasks'][number];
export type TimelineLine = z.output<typeof progressEvent>;
export type TaskStatus = NonNullable<TimelineLine['line']['status']>;
export type ChatEntry = z.output<typeof transcript>['messages'][number];
export type DeadLetter = AnswerOf<typeof listDeadLetters>['letters'][number];
export type Group = StreamFigures['groups'][number];
