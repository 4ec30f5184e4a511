/*
 * init.c
 *	  The library's start, and that of the core in this process: BLAS and the
 *	  pool of threads.
 *
 * Both start at the first use of a model, never at load: under
 * shared_preload_libraries the library is loaded by the postmaster, which must
 * keep one thread.  Threads inherit the signal mask of the moment they start,
 * so everything that may start one runs with all signals blocked; a handler of
 * PostgreSQL must not run on another thread.
 */
#include "pg/nnet.h"

#include <pthread.h>
#include <signal.h>

#include "miscadmin.h"
#include "storage/ipc.h"

PG_MODULE_MAGIC;

extern void _PG_init(void);

/* threads the pool has, the caller included; 0: not started */
static int pool_threads = 0;

void
_PG_init(void)
{
	nnet_define_settings();
}

/*
 * exit() with threads inside a product was seen to crash, and a crashed
 * backend restarts the server.
 */
static void
end_pool(int code, Datum arg)
{
	nn_pool_end();
	pool_threads = 0;
}

/* Load BLAS and grow the pool to n, all signals blocked; returns what went wrong. */
static const char *
start_blocked(int n)
{
	static bool exit_registered = false;
	sigset_t all;
	sigset_t before;
	const char *problem;

	if (IsPostmasterEnvironment && !IsUnderPostmaster)
		elog(ERROR, "nnet cannot compute in the postmaster");
	if (!exit_registered)
	{
		before_shmem_exit(end_pool, (Datum) 0);
		exit_registered = true;
	}
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	problem = nn_blas_load();
	if (problem == NULL)
	{
		nn_blas_thread_init();
		pool_threads = nn_pool_grow(n);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return problem;
}

int
nnet_core_start(int n)
{
	static int tried = 0;
	const char *problem;

	n = Min(Max(n, 1), NN_MAX_THREADS);
	/* what the system refused once is not asked for at every row */
	if (pool_threads > 0 && n <= Max(pool_threads, tried))
		return Min(n, pool_threads);

	problem = start_blocked(n);
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FILE), errmsg("cannot load OpenBLAS: %s", problem),
				 errhint("Install it on the server: apt install libopenblas0-pthread.")));
	tried = n;
	return Min(n, pool_threads);
}

void
nnet_core_try(void)
{
	if (pool_threads == 0)
		(void) start_blocked(1);
}

/*
 * No other process tells a backend at work that the postmaster was killed, and
 * while one lives no new server can start.
 */
void
nnet_postmaster_died(void)
{
	ereport(FATAL,
			(errcode(ERRCODE_ADMIN_SHUTDOWN),
			 errmsg("terminating connection due to unexpected postmaster exit")));
}

void
nnet_watch_interrupts(void)
{
	const volatile int *flags[] = {&InterruptPending, &postmaster_possibly_dead};

	nnet_check_interrupts();
	nn_pool_watch_any(flags, lengthof(flags));
}

/*
 * What was harmless is done with, and the work that it stopped begins again.
 * Something that comes at intervals could keep it from ever ending: from here
 * on only what ends the query stops it.  While interrupts are held off they
 * would stop it again at once: then none does.  That InterruptPending is set
 * does not tell: a cancel may have come just now.
 */
void
nnet_answer_interrupt(void)
{
	const volatile int *flags[] = {&QueryCancelPending, &ProcDiePending, &postmaster_possibly_dead};

	nnet_check_interrupts();
	nn_pool_watch_any(flags, INTERRUPTS_CAN_BE_PROCESSED() ? lengthof(flags) : 0);
}
