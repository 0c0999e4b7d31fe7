// One contestant in a process of its own: `subject-process.mjs <module> <function>`, driven over IPC. A process per
// contestant keeps its compiled code, its heap and its CPU time apart from the others', and stays warm between rounds.
//
// The function gets the address of Redis and gives an object of async methods. Each call is answered with what the
// method gave, and with the seconds and the CPU microseconds that it took.
const [module, name, url, options] = process.argv.slice(2);
const subject = await (await import(module))[name](url, JSON.parse(options));

process.on('message', (message) => void answer(message));
process.on('disconnect', () => process.exit());
process.send({ ready: true });

async function answer({ method, args }) {
  const cpu = process.cpuUsage();
  const begin = process.hrtime.bigint();
  try {
    const result = await subject[method](...args);
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    const { user, system } = process.cpuUsage(cpu);
    process.send({ result, seconds, cpuUs: user + system });
  } catch (error) {
    process.send({ error: error.stack });
  }
}
