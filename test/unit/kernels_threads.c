/*
 * kernels_threads.c
 *	  The pool: every thread runs, barriers hold, a stop reaches all alike, a
 *	  job that is begun is done or abandoned.
 */
#include <stdatomic.h>

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

/* Any flag stops jobs, and nothing else. */
static void
check_watch(void)
{
	static volatile int other;
	static volatile int last;
	const volatile int *flags[] = {&flag, &other, &last};

	flag = other = last = 0;
	nn_pool_watch_any(flags, 3);
	CHECK(!stops(), "no flag is up");
	flag = 1;
	CHECK(stops(), "the one flag is up");
	flag = 0;
	other = 1;
	CHECK(stops(), "the other flag is up");
	other = 0;
	last = 1;
	CHECK(stops(), "the last flag is up");
	CHECK(!nn_pool_stopping(), "outside of jobs nothing stops");
	nn_pool_watch(&flag);
	CHECK(!stops(), "one flag alone is watched");
	nn_pool_watch(NULL);
	flag = 1;
	CHECK(!stops(), "none is watched");
	flag = 0;
}

/* Pieces of a job that is begun: numbers up to ready, each counted by whoever takes it. */
typedef struct Pieces
{
	atomic_int ready;
	atomic_int taken;
	atomic_int done;
	bool slow; /* until it is stopped */
} Pieces;

static void
take_pieces(void *arg, int thread)
{
	Pieces *pieces = arg;
	int next = atomic_load(&pieces->taken);

	(void) thread;
	while (next < atomic_load(&pieces->ready) && !nn_pool_stopping())
		if (atomic_compare_exchange_weak(&pieces->taken, &next, next + 1))
		{
			while (pieces->slow && !nn_pool_stopping())
				;
			atomic_fetch_add(&pieces->done, 1);
		}
}

static void
nothing_job(void *arg, int thread)
{
	(void) arg;
	(void) thread;
}

/* Workers begin before the job is finished; whatever comes between ends it. */
static void
check_begun(int n)
{
	Pieces pieces = {.slow = false};
	Pieces other = {.slow = false};
	bool open = true;

	nn_pool_begin(n, take_pieces, &pieces);
	for (int i = 0; i < ROUNDS; i++)
	{
		atomic_fetch_add(&pieces.ready, 1);
		open = nn_pool_more(&pieces) && !nn_pool_stopping() && open;
	}
	CHECK(open, "the job stays open, the caller in none");
	if (n > 1)
		while (atomic_load(&pieces.done) < ROUNDS / 2)
			;
	CHECK(nn_pool_finish(&pieces) && atomic_load(&pieces.done) == ROUNDS,
		  "%d threads do all pieces", n);
	CHECK(!nn_pool_more(&pieces) && !nn_pool_finish(&pieces), "a finished job is not open");

	pieces.slow = true;
	nn_pool_begin(n, take_pieces, &pieces);
	atomic_fetch_add(&pieces.ready, 5);
	CHECK(nn_pool_more(&pieces), "the job is open");
	nn_pool_run(n, nothing_job, NULL);
	CHECK(!nn_pool_more(&pieces) && !nn_pool_finish(&pieces), "another job ends it");

	nn_pool_begin(n, take_pieces, &pieces);
	CHECK(nn_pool_more(&pieces), "the job is open");
	nn_pool_begin(n, take_pieces, &other);
	CHECK(!nn_pool_more(&pieces) && nn_pool_more(&other), "so does one that is begun");
	nn_pool_abandon();
	nn_pool_abandon();
	CHECK(!nn_pool_more(&other) && !nn_pool_finish(&other), "or to abandon it");

	flag = 1;
	nn_pool_watch(&flag);
	nn_pool_begin(n, take_pieces, &pieces);
	atomic_fetch_add(&pieces.ready, 5);
	CHECK(nn_pool_more(&pieces), "a flag does not keep a job from being begun");
	CHECK(!nn_pool_finish(&pieces), "but from being finished");
	nn_pool_watch(NULL);
	flag = 0;
	pieces.slow = false;
	nn_pool_run(n, take_pieces, &pieces);
	CHECK(atomic_load(&pieces.taken) == atomic_load(&pieces.ready), "and the pool goes on");
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
		check_begun(n);
		if (n == 3)
			nn_pool_end();
	}
	CHECK(nn_pool_grow(2) == 2 && nn_pool_size() == 4, "a pool does not shrink");
	nn_pool_end();
	CHECK(nn_pool_size() == 1, "an ended pool is the caller alone");
	return unit_done();
}
