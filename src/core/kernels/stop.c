/*
 * stop.c
 *	  Whether the work under way is to stop: what kernels ask and the pool
 *	  (threads.c) answers to, so that neither needs the other.
 *
 * The caller alone looks at the watched flags, between pieces of work and while
 * it waits.  Others see what it found.  Outside of jobs nothing stops: what a
 * kernel leaves undone, somebody must know of.
 */
#include "core/kernels/stop.h"

#include <pthread.h>
#include <stdatomic.h>

static struct
{
	pthread_t caller;
	bool others;	  /* threads beside the caller */
	atomic_bool stop; /* raised by the caller */

	/* the caller's own */
	bool in_job;
	bool held;
	const volatile int *watched[NN_MAX_WATCHED];
	int n_watched;
} state;

/*
 * Thread-local variables of a library that is loaded late are allocated at their
 * first use, and the process is aborted if they cannot be: there are none.
 */
static bool
is_caller(void)
{
	return !state.others || pthread_equal(pthread_self(), state.caller);
}

void
nn_stop_caller(void)
{
	state.caller = pthread_self();
}

void
nn_stop_others(bool others)
{
	state.others = others;
}

void
nn_stop_in_job(bool in_job)
{
	state.in_job = in_job;
	state.held = false;
}

void
nn_pool_hold(bool hold)
{
	state.held = hold;
}

void
nn_stop_look(void)
{
	for (int i = 0; state.in_job && !state.held && i < state.n_watched; i++)
		if (*state.watched[i])
			nn_stop_raise();
}

void
nn_stop_raise(void)
{
	atomic_store_explicit(&state.stop, true, memory_order_relaxed);
}

void
nn_stop_clear(void)
{
	atomic_store_explicit(&state.stop, false, memory_order_relaxed);
}

bool
nn_stop_raised(void)
{
	return atomic_load_explicit(&state.stop, memory_order_relaxed);
}

void
nn_pool_watch(const volatile int *flag)
{
	nn_pool_watch_any(&flag, flag != NULL ? 1 : 0);
}

void
nn_pool_watch_any(const volatile int *const *flags, int n)
{
	state.n_watched = n;
	for (int i = 0; i < n; i++)
		state.watched[i] = flags[i];
}

bool
nn_pool_stopping(void)
{
	if (is_caller())
		nn_stop_look();
	return nn_stop_raised();
}
