/*
 * run.c
 *	  Plans of a loaded model, and the buffers they run in.
 *
 * A plan follows from its request; it is made anew when the request differs, or
 * when another plan has given a model of variable steps other shapes meanwhile.
 * Buffers grow with the plans, and are checked against all limits before they are
 * allocated.
 */
#include "pg/run/run.h"

#include "pg/data/data.h"
#include "utils/memutils.h"

void
nnet_run_init_core(NNRun *core, NnetModel *model, MemoryContext context)
{
	core->model = model->core;
	core->params = model->params;
	core->objectives = &model->objectives;
	core->optimizer = &model->optimizer;
	for (int i = 0; i < NN_MAX_SLOTS; i++)
		core->slots[i] = model->slots[i];
	core->step = model->training.steps;
	core->plan = MemoryContextAllocHuge(context, nn_plan_bytes(model->core));
}

size_t
nnet_run_gradients(const NNRun *core)
{
	return nn_plan_gradients(core->plan) * sizeof(nn_real);
}

void
nnet_run_init(NnetRun *run, NnetModel *model, MemoryContext context)
{
	memset(run, 0, sizeof(*run));
	run->model = model;
	run->context = context;
	nnet_run_init_core(&run->core, model, context);
	run->inference.plan = run->core.plan;
	run->workspace_context = AllocSetContextCreate(context, "nnet workspace", ALLOCSET_SMALL_SIZES);
}

/* ---- buffers ---- */

/* Before the workspace is freed, also where an error ends the query. */
static void
stop_threads(void *arg)
{
	nn_pool_abandon();
}

/* Forget a buffer that is too small.  False: it is large enough. */
static bool
outgrown(MemoryContext buffer, size_t *bytes, size_t wanted)
{
	if (wanted <= *bytes)
		return false;
	MemoryContextReset(buffer);
	*bytes = 0;
	return true;
}

static char *
task_text(const NnetRun *run, const NNPlanRequest *request, const NnetRunTask *task)
{
	int threads = nn_plan_threads(run->core.plan);

	if (request->batch == 1)
		return psprintf("%s a row", task->verb);
	return psprintf("%s %d rows with %d threads", task->verb, request->batch, threads);
}

static void
make_buffers(NnetRun *run, const NNPlanRequest *request, const NnetRunTask *task)
{
	size_t workspace = nn_plan_workspace(run->core.plan);
	size_t gradients = request->training ? nnet_run_gradients(&run->core) : 0;
	bool wider = outgrown(run->workspace_context, &run->workspace_bytes, workspace);
	bool longer =
		gradients > 0 && outgrown(run->gradients_context, &run->gradients_bytes, gradients);

	if (!wider && !longer && task->rows_bytes == 0)
		return;
	nnet_memory_check(&(NnetMemoryNeed){
		.model = run->model->name,
		.action = task_text(run, request, task),
		.hint = task->hint,
		.bytes =
			{
				[NNET_MEMORY_WORKSPACE] = wider ? workspace : 0,
				[NNET_MEMORY_GRADIENTS] = longer ? gradients : 0,
				[NNET_MEMORY_ROWS] = task->rows_bytes,
			},
	});
	if (wider)
	{
		run->core.workspace = nnet_memory_alloc(run->workspace_context, workspace, false);
		run->workspace_bytes = workspace;
	}
	if (wider && run->ahead)
	{
		run->stop = (MemoryContextCallback){.func = stop_threads};
		MemoryContextRegisterResetCallback(run->workspace_context, &run->stop);
	}
	if (longer)
	{
		run->core.grads = nnet_memory_alloc(run->gradients_context, gradients, true);
		run->gradients_bytes = gradients;
	}
}

/* ---- plans ---- */

static bool
same_request(const NNPlanRequest *a, const NNPlanRequest *b)
{
	return a->batch == b->batch && nn_steps_equal(&a->steps, &b->steps) &&
		a->threads == b->threads && a->objectives == b->objectives && a->format == b->format &&
		a->training == b->training && a->force_threads == b->force_threads &&
		a->optimizer == b->optimizer && a->packed == b->packed && a->precision == b->precision;
}

void
nnet_run_plan(NnetRun *run, const NNPlanRequest *request, const NnetRunTask *task)
{
	NnetPlanned *planned = request->training ? &run->training : &run->inference;
	NNModel *core = run->model->core;
	NNError error = {0};

	/* another plan may have given a variable model other shapes */
	if (planned->made && same_request(&planned->request, request) &&
		(!core->variable || nn_steps_equal(&core->steps, &request->steps)))
	{
		run->core.plan = planned->plan;
		return;
	}
	if (planned->plan == NULL)
		planned->plan = MemoryContextAllocHuge(run->context, nn_plan_bytes(core));
	if (request->training && run->gradients_context == NULL)
		run->gradients_context =
			AllocSetContextCreate(run->context, "nnet gradients", ALLOCSET_SMALL_SIZES);
	run->core.plan = planned->plan;
	planned->made = false;
	if (!nn_plan_make(planned->plan, core, request, &error))
		nnet_steps_error(&error, run->model->name, &request->steps);
	make_buffers(run, request, task);
	planned->request = *request;
	planned->made = true;
}

void
nnet_run_end(NnetRun *run)
{
	MemoryContextReset(run->workspace_context);
	if (run->gradients_context != NULL)
		MemoryContextReset(run->gradients_context);
	run->core.workspace = NULL;
	run->core.grads = NULL;
	run->workspace_bytes = run->gradients_bytes = 0;
	run->training.made = run->inference.made = false;
}

void
nnet_run_predict(NnetRun *run, const nn_real *x, size_t n, nn_real *y)
{
	NNRunResult result;

	nnet_watch_interrupts();
	do
		result = n == 1 && nn_plan_threads(run->core.plan) == 1
			? nn_predict_one(&run->core, x, y)
			: nn_predict_reals(&run->core, x, n, y);
	while (nnet_run_again(run->core.plan, run->model, result));
}
