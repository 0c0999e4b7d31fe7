"""A Celery application for the benchmark: a task that sends the next one. Commands: publish <count>, consume."""
import os
import sys

from celery import Celery

app = Celery('bench', broker=os.environ['BENCH_REDIS'])
app.conf.update(
    task_default_queue='idle',
    task_ignore_result=True,
    # At least once, as every other contestant but pub/sub: by default Celery acknowledges before it works.
    task_acks_late=True,
)


@app.task(name='planned')
def planned(data):
    app.send_task('done', args=[data], queue='done')


if __name__ == '__main__':
    if sys.argv[1] == 'publish':
        with app.producer_pool.acquire(block=True) as producer:
            for issue in range(int(sys.argv[2])):
                data = {'repo': 'acme/widgets', 'issue': issue, 'title': 'Fix the flaky retry in the scheduler', 'labels': ['bug', 'p2'], 'body': 'x' * 120, 'at': 0}
                app.send_task('planned', args=[data], queue='planned', producer=producer)
    else:
        app.control.add_consumer('planned')
