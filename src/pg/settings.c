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
static int precision_setting = NN_FLOAT32;

static const struct config_enum_entry precisions[] = {
	{"float32", NN_FLOAT32, false},
	{"bfloat16", NN_BFLOAT16, false},
	{NULL, 0, false},
};

/*
 * A session that asks for what is not there is told so at once; a setting of the
 * cluster, a database or a role, which may have come from another machine, gives
 * a warning and the default.
 */
static bool
check_precision(int *value, void **extra, GucSource source)
{
	if (nn_precision_has((NNPrecision) *value))
		return true;
	GUC_check_errcode(ERRCODE_FEATURE_NOT_SUPPORTED);
	GUC_check_errdetail("This processor does not multiply bfloat16 (AVX512_BF16).");
	GUC_check_errhint("SELECT nnet.info() ->> 'bfloat16' tells whether a server's does.");
	return false;
}
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
	DefineCustomEnumVariable(
		"nnet.precision", "What factors of products are rounded to, in training and prediction.",
		"Sums, weights and updates are float32 in any case. bfloat16 is faster and less exact, "
		"and takes a processor with AVX512_BF16; with AMX it is fastest.",
		&precision_setting, NN_FLOAT32, precisions, PGC_USERSET, 0, check_precision, NULL, NULL);
	MarkGUCPrefixReserved("nnet");
}

NNPrecision
nnet_precision(void)
{
	return (NNPrecision) precision_setting;
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
