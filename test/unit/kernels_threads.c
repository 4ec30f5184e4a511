/*
 * kernels_threads.c
 *	  The pool: every thread runs, barriers hold, a stop reaches all alike.
 */
#include "core/kernels/kernels.h"
#include "test/unit/unit.h"

#define ROUNDS 1000

typedef struct Count
{
	int mine[8][16]; /* a line of cache each */
	int wrong;
	int threads;
	int ended_at[8];
} Count;

static void
count_job(void *arg, int thread)
{
	Count *count = arg;

	for (int round = 1; round <= ROUNDS; round++)
	{
		count->mine[thread][0] = round;
		(void) nn_pool_barrier(thread);
		for (int t = 0; t < count->threads; t++)
			if (count->mine[t][0] != round)
				count->wrong = 1;
		(void) nn_pool_barrier(thread);
	}
}

static volatile int flag;

/* Thread 0 raises the flag in the middle: all must leave at the same barrier. */
static void
stop_job(void *arg, int thread)
{
	Count *count = arg;

	for (int round = 1; round <= ROUNDS; round++)
	{
		if (thread == 0 && round == 700)
			flag = 1;
		(void) nn_pool_stopping();
		count->ended_at[thread] = round;
		if (nn_pool_barrier(thread))
			return;
	}
}

static void
look_job(void *arg, int thread)
{
	(void) thread;
	*(bool *) arg = nn_pool_stopping();
}

static bool
stops(void)
{
	bool stopping;

	nn_pool_run(1, look_job, &stopping);
	return stopping;
}

/* Either flag stops jobs, and nothing else. */
static void
check_watch(void)
{
	static volatile int other;

	flag = other = 0;
	nn_pool_watch_either(&flag, &other);
	CHECK(!stops(), "no flag is up");
	flag = 1;
	CHECK(stops(), "the one flag is up");
	flag = 0;
	other = 1;
	CHECK(stops(), "the other flag is up");
	CHECK(!nn_pool_stopping(), "outside of jobs nothing stops");
	nn_pool_watch(&flag);
	CHECK(!stops(), "one flag alone is watched");
	nn_pool_watch(NULL);
	flag = 1;
	CHECK(!stops(), "none is watched");
	flag = 0;
}

int
main(void)
{
	check_watch();
	for (int n = 1; n <= 4; n++)
	{
		Count count = {.threads = n};

		CHECK(nn_pool_grow(n) == n, "a pool of %d", n);
		for (int i = 0; i < 3; i++)
			nn_pool_run(n, count_job, &count);
		CHECK(!count.wrong, "%d threads meet at barriers", n);

		nn_pool_watch(&flag);
		flag = 0;
		nn_pool_run(n, stop_job, &count);
		for (int t = 0; t < n; t++)
			if (count.ended_at[t] != 700)
				count.wrong = 1;
		CHECK(!count.wrong, "%d threads stop at the same barrier", n);
		nn_pool_watch(NULL);
		if (n == 3)
			nn_pool_end();
	}
	CHECK(nn_pool_grow(2) == 2 && nn_pool_size() == 4, "a pool does not shrink");
	nn_pool_end();
	CHECK(nn_pool_size() == 1, "an ended pool is the caller alone");
	return unit_done();
}
