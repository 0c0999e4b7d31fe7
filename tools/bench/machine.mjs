import os from 'node:os';

/** What the figures were measured on, in one line; `redis` is an open connection. */
export async function machine(redis) {
  const [cpu] = os.cpus();
  const version = /redis_version:(\S+)/.exec(await redis.info('server'))[1];
  const load = os.loadavg()[0].toFixed(1);
  return `${cpu?.model ?? 'unknown CPU'}, ${os.availableParallelism()} cores, load ${load} at the start; Node ${process.versions.node}; Redis ${version}`;
}

/** CPU time that the server used so far, in microseconds. */
export async function serverCpuUs(redis) {
  const text = await redis.info('cpu');
  const seconds = (name) => Number(new RegExp(`${name}:([\\d.]+)`).exec(text)[1]);
  return (seconds('used_cpu_sys') + seconds('used_cpu_user')) * 1e6;
}

