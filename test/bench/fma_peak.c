/*
 * fma_peak.c
 *	  The peak that fractions are fractions of.
 *
 * Independent chains of sums, more than the units' latency asks for, in vectors
 * as wide as the kernels' own (hot.h): 64, 32 or 16 bytes.  All threads begin
 * together, and the slowest one's time counts: processors that share a core
 * share its units.
 */
#include "test/bench/fma_peak.h"

#include <pthread.h>
#include <time.h>

#include "core/kernels/hot.h"

#define CHAINS 12
#define TURNS 200000
#define RUNS 50 /* short ones, of which the fastest counts: other programs only slow down */
#define MOST_THREADS 64

#if !defined(__x86_64__)
#define NN_LEVEL_3
#define NN_LEVEL_4
#endif

/* A function that returns the sum of TURNS steps of CHAINS chains of BYTES each. */
#define MULTIPLY_ADD(name, level, bytes)                                                       \
	static level __attribute__((noinline)) float name(float seed)                              \
	{                                                                                          \
		typedef float Vector __attribute__((vector_size(bytes)));                              \
		Vector sum[CHAINS];                                                                    \
		Vector a = {0};                                                                        \
		Vector b = {0};                                                                        \
		float all = 0;                                                                         \
                                                                                               \
		a += seed;                                                                             \
		b += 1 - seed;                                                                         \
		for (int c = 0; c < CHAINS; c++)                                                       \
			sum[c] = b;                                                                        \
		for (int t = 0; t < TURNS; t++)                                                        \
			_Pragma("GCC unroll 12") for (int c = 0; c < CHAINS; c++) sum[c] = sum[c] * a + b; \
		for (int c = 0; c < CHAINS; c++)                                                       \
			all += sum[c][0];                                                                  \
		return all;                                                                            \
	}

MULTIPLY_ADD(multiply_add_64, NN_LEVEL_4, 64)
MULTIPLY_ADD(multiply_add_32, NN_LEVEL_3, 32)
MULTIPLY_ADD(multiply_add_16, , 16)

typedef struct Worker
{
	pthread_t thread;
	pthread_barrier_t *begin;
	float (*multiply_add)(float seed);
	double seconds;
	volatile float result; /* wanted, lest the compiler leave the work out */
} Worker;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

static void *
work(void *arg)
{
	Worker *worker = arg;
	double begin;

	pthread_barrier_wait(worker->begin);
	begin = now();
	worker->result = worker->multiply_add(0.999f);
	worker->seconds = now() - begin;
	return NULL;
}

/* Seconds of the slowest of the threads; negative if they cannot be had. */
static double
run(int threads, float (*multiply_add)(float seed))
{
	Worker workers[MOST_THREADS];
	pthread_barrier_t begin;
	double slowest = 0;

	pthread_barrier_init(&begin, NULL, (unsigned) threads);
	for (int i = 0; i < threads; i++)
	{
		workers[i].begin = &begin;
		workers[i].multiply_add = multiply_add;
		if (i > 0 && pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
			return -1;
	}
	work(&workers[0]);
	for (int i = 0; i < threads; i++)
	{
		if (i > 0)
			pthread_join(workers[i].thread, NULL);
		slowest = workers[i].seconds > slowest ? workers[i].seconds : slowest;
	}
	pthread_barrier_destroy(&begin);
	return slowest;
}

double
fma_peak(int threads)
{
	float (*multiply_add)(float seed) = multiply_add_16;
	int lanes = 4;
	double best = 0;

#if defined(__x86_64__)
	if (nn_x86_level >= 3)
	{
		lanes = nn_x86_level >= 4 ? 16 : 8;
		multiply_add = nn_x86_level >= 4 ? multiply_add_64 : multiply_add_32;
	}
#endif
	threads = threads < 1 ? 1 : threads > MOST_THREADS ? MOST_THREADS : threads;
	for (int i = 0; i < RUNS; i++)
	{
		const double seconds = run(threads, multiply_add);
		const double rate = 2e-9 * lanes * CHAINS * TURNS * threads / seconds;

		best = rate > best ? rate : best;
	}
	return best;
}
