/*
 * settings.c
 *	  The settings nnet.* and what follows from them.
 */
#include "pg/nnet.h"

#include <sched.h>
#include <unistd.h>

#include "access/parallel.h"
#include "miscadmin.h"
#include "utils/guc.h"

int nnet_threads_setting = 0;
int nnet_cache_size_kb = 256 * 1024;
double nnet_memory_fraction = 0.5;
bool nnet_force_threads = false;
bool nnet_batch_predict = true;

void
nnet_define_settings(void)
{
	DefineCustomIntVariable(
		"nnet.threads", "Threads that train a model or predict many rows at once.",
		"0 means as many as the machine has processors, "
		"at most 1 + max_parallel_maintenance_workers.",
		&nnet_threads_setting, 0, 0, NN_MAX_THREADS, PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("nnet.cache_size",
							"Memory in which a session keeps the models it predicts with.",
							"The least recently used model leaves first. "
							"predict_batch keeps a second copy of weights, if both fit. "
							"The model in use is kept whatever its size.",
							&nnet_cache_size_kb, 256 * 1024, 0, MAX_KILOBYTES, PGC_USERSET,
							GUC_UNIT_KB, NULL, NULL, NULL);
	/* not anyone's: who may lift it may end the server */
	DefineCustomRealVariable(
		"nnet.memory_fraction",
		"Part of the memory there is that one session may use for models and their training.",
		"Of the machine's memory, or of the least limit of the server's control groups. "
		"What needs more is refused before it begins.",
		&nnet_memory_fraction, 0.5, 0.0001, 1, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("nnet.batch_predict",
							 "Lets predict and classify over a table work on many rows at once.",
							 "Results are the same. It has effect where the library is loaded "
							 "before a query is planned.",
							 &nnet_batch_predict, true, PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("nnet.force_threads", "Uses all threads however little the work is.",
							 "This is for testing: small models are then slower.",
							 &nnet_force_threads, false, PGC_USERSET, GUC_NOT_IN_SAMPLE, NULL, NULL,
							 NULL);
	MarkGUCPrefixReserved("nnet");
}

/* Processors this process may run on. */
int
nnet_processors(void)
{
	cpu_set_t set;
	long online;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return Max(CPU_COUNT(&set), 1);
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return (int) Min(Max(online, 1), NN_MAX_THREADS);
}

int
nnet_threads_for_fit(void)
{
	/* the query's other workers use the other processors */
	if (IsParallelWorker())
		return 1;
	if (nnet_threads_setting > 0)
		return nnet_threads_setting;
	return Min(Min(nnet_processors(), 1 + max_parallel_maintenance_workers), NN_MAX_THREADS);
}

int
nnet_threads_for_predict(void)
{
	if (IsParallelWorker())
		return 1;
	return nnet_threads_setting > 0 ? nnet_threads_setting : 1;
}
