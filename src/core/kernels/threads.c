/*
 * threads.c
 *	  The pool: n - 1 threads beside the caller, who is thread 0.
 *
 * A job is a function that all threads run; inside it they meet at barriers.
 * Between jobs the workers spin for a moment (the next step of a training
 * follows within microseconds) and then sleep.
 *
 * Stopping (stop.c): a thread that is told to skips work, but attends every
 * barrier; the last to arrive at a barrier decides for all whether the job
 * ends there, so that no thread waits for one that has left.
 *
 * A job may also be begun: the workers take its pieces while the caller goes on
 * preparing more, and are told of those.  Such a job has no barriers.  Only one
 * is open at a time; the pool's next job, or whoever frees or changes what it
 * reads, abandons it.
 *
 * A worker that has left a job says so by the job's generation.  It may skip
 * generations while more pieces are announced, never those of another job,
 * since the caller waits for all workers before.
 *
 * The workers never touch anything but what a job hands them.  The caller has
 * blocked all signals while they are created, so they inherit a full mask.
 */
#include "core/kernels/stop.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define MAX_THREADS 64
#define STACK_BYTES ((size_t) 2 << 20)
#define SPINS_JOB 20000	   /* some 100 us: then a worker sleeps */
#define SPINS_BARRIER 4000 /* then it offers the processor */

static struct
{
	int n; /* threads there are, the caller included */
	pthread_t thread[MAX_THREADS];
	unsigned born[MAX_THREADS]; /* generation when it was made */

	pthread_mutex_t mutex; /* guards sleeping only */
	pthread_cond_t wake;
	atomic_int sleepers;

	atomic_uint generation; /* a new job or the end */
	atomic_bool end;
	NNJob job;
	void *arg;
	int job_threads;
	atomic_uint left[MAX_THREADS]; /* by worker: the last generation it is done with */

	atomic_uint phase; /* barriers passed */
	atomic_int arrived;
	bool agreed; /* what the last to arrive saw */

	/* the caller's own */
	const void *begun; /* the argument of the job that is open, or NULL */
	NNPoolHooks hooks; /* of who computes on the threads; each may be NULL */
} pool = {
	.n = 1,
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.wake = PTHREAD_COND_INITIALIZER,
};

NN_INLINE void
relax(void)
{
#if defined(__x86_64__)
	_mm_pause();
#endif
}

/*
 * Denormal numbers cost a hundred cycles each and mean nothing in a gradient:
 * jobs run with them flushed to zero.  Returns the mode to restore.
 */
static unsigned
flush_denormals(void)
{
#if defined(__x86_64__)
	unsigned mode = _mm_getcsr();

	_mm_setcsr(mode | 0x8040);
	return mode;
#else
	return 0;
#endif
}

static void
restore_denormals(unsigned mode)
{
#if defined(__x86_64__)
	_mm_setcsr(mode);
#else
	(void) mode;
#endif
}

static void
call(void (*hook)(void))
{
	if (hook != NULL)
		hook();
}

void
nn_pool_set_hooks(const NNPoolHooks *hooks)
{
	pool.hooks = *hooks;
}

/* Wait until generation differs from seen. */
static unsigned
wait_for_job(unsigned seen)
{
	unsigned now;

	for (int i = 0; i < SPINS_JOB; i++)
	{
		now = atomic_load_explicit(&pool.generation, memory_order_acquire);
		if (now != seen)
			return now;
		relax();
	}
	pthread_mutex_lock(&pool.mutex);
	atomic_fetch_add(&pool.sleepers, 1);
	while ((now = atomic_load(&pool.generation)) == seen)
		pthread_cond_wait(&pool.wake, &pool.mutex);
	atomic_fetch_sub(&pool.sleepers, 1);
	pthread_mutex_unlock(&pool.mutex);
	return now;
}

static void
announce(void)
{
	atomic_fetch_add(&pool.generation, 1);
	if (atomic_load(&pool.sleepers) > 0)
	{
		pthread_mutex_lock(&pool.mutex);
		pthread_cond_broadcast(&pool.wake);
		pthread_mutex_unlock(&pool.mutex);
	}
}

static void *
worker_main(void *arg)
{
	int self = (int) (intptr_t) arg;
	unsigned seen = pool.born[self];

	call(pool.hooks.thread_begin);
	(void) flush_denormals();
	for (;;)
	{
		seen = wait_for_job(seen);
		if (atomic_load(&pool.end))
			return NULL;
		if (self < pool.job_threads)
			pool.job(pool.arg, self);
		atomic_store_explicit(&pool.left[self], seen, memory_order_release);
	}
}

/* Kernels need little stack, and address space may be limited. */
static bool
start_worker(int self)
{
	pthread_attr_t attributes;
	bool started;

	if (pthread_attr_init(&attributes) != 0)
		return false;
	(void) pthread_attr_setstacksize(&attributes, STACK_BYTES);
	started =
		pthread_create(&pool.thread[self], &attributes, worker_main, (void *) (intptr_t) self) == 0;
	pthread_attr_destroy(&attributes);
	return started;
}

int
nn_pool_grow(int n)
{
	if (n > MAX_THREADS)
		n = MAX_THREADS;
	call(pool.hooks.thread_begin);
	nn_stop_caller();
	nn_stop_others(pool.n > 1 || n > 1);
	while (pool.n < n)
	{
		/* a new worker must not take an old job for new, nor miss the next */
		pool.born[pool.n] = atomic_load(&pool.generation);
		atomic_store(&pool.left[pool.n], pool.born[pool.n]);
		if (!start_worker(pool.n))
			break;
		pool.n++;
	}
	return pool.n < n ? pool.n : n;
}

int
nn_pool_size(void)
{
	return pool.n;
}

/* ---- jobs ---- */

static void
set_job(int n, NNJob job, void *arg)
{
	nn_pool_abandon();
	call(pool.hooks.job_begin);
	nn_stop_clear();
	atomic_store_explicit(&pool.arrived, 0, memory_order_relaxed);
	pool.agreed = false;
	pool.job = job;
	pool.arg = arg;
	pool.job_threads = n < pool.n ? n : pool.n;
}

/* Until every worker has left the job. */
static void
wait_for_workers(void)
{
	unsigned generation = atomic_load_explicit(&pool.generation, memory_order_relaxed);
	int spins = 0;

	for (int i = 1; i < pool.n; i++)
	{
		while (atomic_load_explicit(&pool.left[i], memory_order_acquire) != generation)
		{
			if (spins++ < SPINS_BARRIER)
				relax();
			else
			{
				nn_stop_look();
				sched_yield();
			}
		}
	}
}

static void
end_job(void)
{
	nn_stop_in_job(false);
	pool.begun = NULL;
	nn_stop_clear();
	call(pool.hooks.job_end);
}

/* The job with the caller in it, to its end; false if it was stopped. */
static bool
join_job(void)
{
	unsigned mode = flush_denormals();
	bool stopped;

	nn_stop_in_job(true);
	if (pool.job_threads > 1)
		announce();
	pool.job(pool.arg, 0);
	wait_for_workers();
	stopped = nn_stop_raised();
	end_job();
	restore_denormals(mode);
	return !stopped;
}

void
nn_pool_run(int n, NNJob job, void *arg)
{
	set_job(n, job, arg);
	(void) join_job();
}

void
nn_pool_begin(int n, NNJob job, void *arg)
{
	set_job(n, job, arg);
	pool.begun = arg;
}

bool
nn_pool_more(const void *arg)
{
	if (pool.begun != arg)
		return false;
	announce();
	return true;
}

bool
nn_pool_finish(const void *arg)
{
	return pool.begun == arg && join_job();
}

void
nn_pool_abandon(void)
{
	if (pool.begun == NULL)
		return;
	nn_stop_raise();
	wait_for_workers();
	end_job();
}

bool
nn_pool_barrier(int thread)
{
	unsigned phase = atomic_load_explicit(&pool.phase, memory_order_relaxed);

	if (thread == 0)
		nn_stop_look();
	if (atomic_fetch_add_explicit(&pool.arrived, 1, memory_order_acq_rel) == pool.job_threads - 1)
	{
		pool.agreed = nn_stop_raised();
		atomic_store_explicit(&pool.arrived, 0, memory_order_relaxed);
		atomic_store_explicit(&pool.phase, phase + 1, memory_order_release);
		return pool.agreed;
	}
	for (int spins = 0; atomic_load_explicit(&pool.phase, memory_order_acquire) == phase; spins++)
	{
		if (spins < SPINS_BARRIER)
			relax();
		else
		{
			if (thread == 0)
				nn_stop_look();
			sched_yield();
		}
	}
	return pool.agreed;
}

void
nn_pool_end(void)
{
	nn_pool_abandon();
	if (pool.n == 1)
		return;
	atomic_store(&pool.end, true);
	announce();
	for (int i = 1; i < pool.n; i++)
		pthread_join(pool.thread[i], NULL);
	pool.n = 1;
	nn_stop_others(false);
	atomic_store(&pool.end, false);
}
