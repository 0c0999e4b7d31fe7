import { gauge } from './gauge.js';
import { partition, service, stream } from './names.js';

const ofGroup = { partition, stream, group: service };

/** Read from Redis by every supervisor when it is asked: each gives the same numbers. */
export const supervisorMetrics = {
  length: gauge({ name: 'cascade_stream_length', help: 'Entries of a stream, acknowledged ones too until they are trimmed.', labels: { partition, stream } }),
  lag: gauge({ name: 'cascade_stream_group_lag', help: 'Entries that a group was not given yet; counted to 1000 at most where Redis does not know.', labels: ofGroup }),
  pending: gauge({ name: 'cascade_stream_group_pending', help: 'Entries that a consumer of a group was given and has not acknowledged.', labels: ofGroup }),
  oldestPending: gauge({ name: 'cascade_stream_group_oldest_pending_age_seconds', help: 'Age of the oldest entry that is not acknowledged.', labels: ofGroup }),
  oldestUndelivered: gauge({ name: 'cascade_stream_group_oldest_undelivered_age_seconds', help: 'Age of the oldest entry that a group was not given yet.', labels: ofGroup }),
  deadLetters: gauge({ name: 'cascade_dead_letters', help: 'Entries that a service gave up, and that wait for a person.', labels: { partition, group: service } }),
  delayedRetries: gauge({ name: 'cascade_delayed_retries', help: 'Events that wait for their next attempt.', labels: { partition, group: service } }),
  deadlinesAtRisk: gauge({ name: 'cascade_deadlines_at_risk', help: 'Cascades before the last tier with less than 5 minutes or a tenth of their time left.', labels: { partition } }),
  parkedCleanUps: gauge({ name: 'cascade_parked_clean_ups', help: 'Ended cascades of which something could not be taken back, and that wait for a person.', labels: { partition } }),
  leader: gauge({ name: 'cascade_supervisor_leader', help: '1 in the supervisor that sweeps deadlines, 0 in the others.', labels: { partition } }),
};
