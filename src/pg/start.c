/*
 * start.c
 *	  The start of the core in this process, BLAS and the pool of threads, and
 *	  what stops its work.
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

/* threads the pool has, the caller included; 0: not started */
static int pool_threads = 0;

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

/* A set of kernels that does not suit the processor is told once a session. */
static void
tell_doubt(void)
{
	static bool told = false;
	const char *doubt = nn_blas_doubt();

	/* slow kernels that were asked for are what was asked for */
	if (told || doubt == NULL || (nn_blas_core_was_set() && nn_blas_fit() == NN_FIT_BELOW))
		return;
	told = true;
	ereport(LOG,
			(errmsg("OpenBLAS uses its kernels for %s: %s", nn_blas_core(), doubt),
			 errdetail("%s.", nn_blas_choice()),
			 errhint("A newer OpenBLAS may know this processor. OPENBLAS_CORETYPE in the server's "
					 "environment sets the kernels.")));
}

/* Load BLAS and grow the pool to n, all signals blocked; returns what went wrong. */
static const char *
start_blocked(int n, NNBlasProblem *problem)
{
	static bool exit_registered = false;
	sigset_t all;
	sigset_t before;
	const char *why;

	if (IsPostmasterEnvironment && !IsUnderPostmaster)
		elog(ERROR, "nnet cannot compute in the postmaster");
	if (!exit_registered)
	{
		before_shmem_exit(end_pool, (Datum) 0);
		exit_registered = true;
	}
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	why = nn_blas_load(problem);
	if (why == NULL)
	{
		nn_pool_abandon();
		pool_threads = nn_pool_grow(nn_blas_reserve(n));
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (why == NULL)
		tell_doubt();
	return why;
}

int
nnet_core_start(int n)
{
	static int tried = 0;
	const char *why;
	NNBlasProblem problem;

	n = Min(Max(n, 1), NN_MAX_THREADS);
	/* what the system refused once is not asked for at every row */
	if (pool_threads > 0 && n <= Max(pool_threads, tried))
		return Min(n, pool_threads);

	why = start_blocked(n, &problem);
	if (why != NULL && problem == NN_BLAS_NO_MEMORY)
		ereport(
			ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("not enough address space to compute with OpenBLAS"),
			 errdetail("A session needs %zu MB more for it, and %zu MB for each further thread.",
					   nn_blas_bytes(1) >> 20, (nn_blas_bytes(2) - nn_blas_bytes(1)) >> 20),
			 errhint("Raise the server's limit of address space (ulimit -v), or, with "
					 "vm.overcommit_memory = 2, the memory that the system may promise.")));
	if (why != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FILE), errmsg("cannot load OpenBLAS: %s", why),
				 problem == NN_BLAS_MISSING
					 ? errhint("Install it on the server: apt install libopenblas0-pthread.")
					 : 0));
	tried = n;
	return Min(n, pool_threads);
}

void
nnet_core_try(void)
{
	NNBlasProblem problem;

	if (pool_threads == 0)
		(void) start_blocked(1, &problem);
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
